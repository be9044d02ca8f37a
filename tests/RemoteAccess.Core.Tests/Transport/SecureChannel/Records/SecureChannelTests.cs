using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class SecureChannelTests
{
    [Fact]
    public async Task WriteAsync_TechnicianBeforeTheAnswer_IsRefusedHere()
    {
        (SecureChannel technician, SecureChannel host) = await new HandshakeScene().ConnectAsync();

        Assert.Equal("ChannelException.OutOfOrder", await WriteOutcomeAsync(technician));
        Assert.Equal("ChannelException.OutOfOrder", await Outcome.OfAsync(() => technician.CloseAsync(CancellationToken.None).AsTask(), () => "Closed"));
        await host.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await technician.ReadAsync(CancellationToken.None);
        Assert.Equal("Written", await WriteOutcomeAsync(technician));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16384)]
    [InlineData(IRecordChannel.MaxContent)]
    public async Task ReadAsync_WhatWasWritten_ArrivesUnchangedBothWays(int length)
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);

        await host.WriteAsync(content, CancellationToken.None);
        await technician.WriteAsync(content, CancellationToken.None);

        Assert.Equal(content, (await technician.ReadAsync(CancellationToken.None)).ToArray());
        Assert.Equal(content, (await host.ReadAsync(CancellationToken.None)).ToArray());
        Assert.Equal(host.BytesSent, technician.BytesReceived);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(IRecordChannel.MaxContent + 1)]
    public async Task WriteAsync_ContentOutsideItsLimits_IsAnError(int length)
    {
        (_, SecureChannel host) = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.WriteAsync(new byte[length], CancellationToken.None).AsTask());
    }

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(62, 64, 64)]
    [InlineData(63, 64, 128)]
    [InlineData(5, 256, 256)]
    [InlineData(5, 1, 7)]
    public async Task WriteAsync_PadTo_MakesTheInsideAMultiple(int length, int padTo, int inside)
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();
        long before = host.BytesSent;

        await host.WriteAsync(new byte[length], padTo, CancellationToken.None);

        Assert.Equal(inside + 4 + 16, host.BytesSent - before);
        Assert.Equal(length, (await technician.ReadAsync(CancellationToken.None)).Length);
    }

    [Fact]
    public async Task CloseAsync_FromBothSides_EndsBothReadings()
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();

        await host.CloseAsync(CancellationToken.None);
        await host.CloseAsync(CancellationToken.None);
        Assert.Equal("ChannelException.Closed", await WriteOutcomeAsync(host));
        Assert.True((await technician.ReadAsync(CancellationToken.None)).IsEmpty);
        await technician.WriteAsync(new byte[] { 5 }, CancellationToken.None);
        await technician.CloseAsync(CancellationToken.None);

        Assert.Equal([5], (await host.ReadAsync(CancellationToken.None)).ToArray());
        Assert.True((await host.ReadAsync(CancellationToken.None)).IsEmpty);
    }

    [Fact]
    public async Task CloseAsync_PeerClosedAndLeft_IsNoError()
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();
        await host.CloseAsync(CancellationToken.None);
        Assert.True((await technician.ReadAsync(CancellationToken.None)).IsEmpty);
        await host.DisposeAsync();

        await technician.CloseAsync(CancellationToken.None);

        Assert.Equal("ChannelException.Closed", await WriteOutcomeAsync(technician));
    }

    [Fact]
    public async Task DisposeAsync_WithoutClose_IsTruncatedForThePeerAndClosedHere()
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();
        Task<ReadOnlyMemory<byte>> reading = host.ReadAsync(CancellationToken.None).AsTask();

        await host.DisposeAsync();

        Assert.Equal("ChannelException.Closed", await Outcome.OfAsync(() => reading, () => "Read"));
        Assert.Equal("ChannelException.Closed", await WriteOutcomeAsync(host));
        Assert.Equal("ChannelException.Truncated", await Outcome.OfAsync(() => technician.ReadAsync(CancellationToken.None).AsTask(), () => "Read"));
        Assert.Throws<ObjectDisposedException>(() => host.Export("a", [], new byte[1]));
    }

    [Fact]
    public async Task ReadAsync_Cancelled_LosesNothing()
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();
        using var cancellation = new CancellationTokenSource();
        Task<ReadOnlyMemory<byte>> reading = host.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        await technician.WriteAsync(new byte[] { 3 }, CancellationToken.None);

        Assert.Equal([3], (await host.ReadAsync(CancellationToken.None)).ToArray());
    }

    [Fact]
    public async Task RecordsOnTheSteadyPath_BothDirections_AllocateNothing()
    {
        (SecureChannel technician, SecureChannel host) = await OpenAsync();
        byte[] large = new byte[IRecordChannel.MaxContent], small = new byte[40];
        for (int i = 0; i < 200; i++) ExchangeNow(technician, host, large, small);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) ExchangeNow(technician, host, large, small);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task WriteAsync_TenMinutesOnOneKey_ChangesIt()
    {
        var scene = new HandshakeScene();
        (SecureChannel technician, SecureChannel host) = await scene.ConnectAsync();
        await host.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await technician.ReadAsync(CancellationToken.None);

        for (int i = 0; i < 20; i++)
        {
            long before = host.BytesSent;
            scene.Clock.Advance(TimeSpan.FromMinutes(10));
            await host.WriteAsync(new byte[] { 2 }, CancellationToken.None);
            Assert.Equal(23 + 23, host.BytesSent - before);
            Assert.Equal([2], (await technician.ReadAsync(CancellationToken.None)).ToArray());
        }
    }

    internal static async Task<(SecureChannel Technician, SecureChannel Host)> OpenAsync()
    {
        (SecureChannel technician, SecureChannel host) = await new HandshakeScene().ConnectAsync();
        await host.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await technician.ReadAsync(CancellationToken.None);
        return (technician, host);
    }

    private static Task<string> WriteOutcomeAsync(SecureChannel channel) =>
        Outcome.OfAsync(() => channel.WriteAsync(new byte[] { 1 }, CancellationToken.None).AsTask(), () => "Written");

    private static void ExchangeNow(SecureChannel technician, SecureChannel host, byte[] large, byte[] small)
    {
        Now(host.WriteAsync(large, CancellationToken.None));
        Now(technician.WriteAsync(small, IRecordChannel.InputPadding, CancellationToken.None));
        bool arrived = Now(technician.ReadAsync(CancellationToken.None)).Length == large.Length && Now(host.ReadAsync(CancellationToken.None)).Length == small.Length;
        if (!arrived) throw new InvalidOperationException("A record arrived with another length.");
    }

    private static void Now(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) throw new InvalidOperationException("It should have completed at once.");
        task.GetAwaiter().GetResult();
    }

    private static T Now<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("It should have completed at once.");
}
