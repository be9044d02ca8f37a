using Google.Protobuf;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>What waits between a session's receiver and the reader of its picture: in order, bounded, and gone at once when it must be.</summary>
public sealed class PictureArrivalsTests
{
    private readonly PictureArrivals arrivals = new(TimeProvider.System);

    [Fact]
    public async Task WaitAsync_FrameComes_IsWokenAndTakesIt()
    {
        Task<bool> waiting = arrivals.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.True(arrivals.Add(new byte[] { 1, 2, 3 }));

        Assert.True(await waiting);
        Assert.True(arrivals.TryTake(out Arrival arrival));
        Assert.Equal<byte>([1, 2, 3], arrival.Encoded.ToArray());
        arrivals.Release(arrival);
        Assert.False(arrivals.TryTake(out _));
    }

    [Fact]
    public async Task Add_MoreBeforeTheReaderGoesOn_WakesItOnce()
    {
        for (int round = 0; round < 100; round++)
        {
            using var cancel = new CancellationTokenSource();
            Task<bool> waiting = arrivals.WaitAsync(cancel.Token).AsTask();
            arrivals.Add(new byte[1]);
            arrivals.Add(new byte[1]);
            await cancel.CancelAsync();
            Assert.True(await waiting);
            while (arrivals.TryTake(out Arrival arrival)) arrivals.Release(arrival);
        }
    }

    [Fact]
    public async Task WaitAsync_Cancelled_SaysSoAndTheNextWaitWorks()
    {
        for (int round = 0; round < 3; round++)
        {
            using var cancel = new CancellationTokenSource();
            Task<bool> waiting = arrivals.WaitAsync(cancel.Token).AsTask();
            await cancel.CancelAsync();
            Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting)).CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await arrivals.WaitAsync(cancel.Token));
        }

        arrivals.Add(new byte[1]);
        Assert.True(await arrivals.WaitAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_WhatIsQueuedComesFirst_ThenTheEnd(bool withError)
    {
        var error = new ChannelException(ChannelError.Truncated, "gone");
        arrivals.Add(new byte[1]);
        arrivals.Complete(withError ? error : null);
        arrivals.Complete(new InvalidOperationException("Only the first counts."));

        Assert.False(arrivals.Add(new byte[1]));
        Assert.True(await arrivals.WaitAsync(CancellationToken.None));
        Assert.True(arrivals.TryTake(out _));
        await AssertEndedAsync(arrivals.WaitAsync(CancellationToken.None).AsTask(), withError ? error : null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_SomebodyWaits_IsTold(bool withError)
    {
        var error = new ChannelException(ChannelError.Truncated, "gone");
        Task<bool> waiting = arrivals.WaitAsync(CancellationToken.None).AsTask();
        arrivals.Complete(withError ? error : null);

        await AssertEndedAsync(waiting, withError ? error : null);
    }

    [Fact]
    public async Task Cut_DropsWhatWaits()
    {
        var error = new ChannelException(ChannelError.Closed, "over");
        arrivals.Add(new byte[1]);
        arrivals.Cut(error);

        Assert.True(arrivals.IsCut);
        Assert.False(arrivals.TryTake(out _));
        await AssertEndedAsync(arrivals.WaitAsync(CancellationToken.None).AsTask(), error);
    }

    [Fact]
    public void Add_MoreFramesThanEverWereAcknowledged_IsALimit()
    {
        for (int i = 0; i < PictureArrivals.MaxWaiting; i++) arrivals.Add(new byte[1]);
        Assert.Equal(ChannelError.LimitExceeded, Assert.Throws<ChannelException>(() => arrivals.Add(new byte[1])).Error);
    }

    [Fact]
    public void Add_MoreBytesThanMayWait_IsALimit()
    {
        byte[] large = new byte[16 << 20];
        for (int i = 0; i < 4; i++) arrivals.Add(large);
        Assert.Equal(ChannelError.LimitExceeded, Assert.Throws<ChannelException>(() => arrivals.Add(new byte[1])).Error);
        while (arrivals.TryTake(out Arrival arrival)) arrivals.Release(arrival);
        Assert.True(arrivals.Add(large));
    }

    [Fact]
    public void Add_CursorMovesBetweenTwoFrames_IsOneMessage()
    {
        arrivals.Add(new CursorMessage { Image = new CursorImage { Width = 1, Height = 1, PremultipliedBgra = ByteString.CopyFrom(new byte[4]), X = 1, Y = 1 } });
        for (int i = 0; i < 5000; i++) arrivals.Add(new CursorMessage { Position = new CursorPosition { X = i, Y = 2 } });

        Assert.True(arrivals.TryTake(out Arrival arrival));
        Assert.Equal((4999, 2), (arrival.Cursor!.Image.X, arrival.Cursor.Image.Y));
        Assert.False(arrivals.TryTake(out _));
    }

    private static async Task AssertEndedAsync(Task<bool> waiting, Exception? error)
    {
        if (error is null) Assert.False(await waiting);
        else Assert.Same(error, await Record.ExceptionAsync(() => waiting));
    }
}
