using System.Net;
using System.Net.Sockets;
using RemoteAccess.Tests.Trust;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class ReadingThreadTests : IAsyncLifetime
{
    private const int Rounds = 200;

    private readonly byte[] buffer = new byte[64];
    private Socket peer = null!;
    private ReadingThread reading = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere links are read asynchronously.");
        using Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(1);
        peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(listening.LocalEndPoint!, Cancel);
        reading = new ReadingThread(await listening.AcceptAsync(Cancel));
    }

    public ValueTask DisposeAsync()
    {
        reading?.Dispose();
        peer?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Read_ManyTimes_GoesOnOnTheOneThreadAndAllocatesNothing()
    {
        byte[][] sent = [.. Enumerable.Range(0, Rounds).Select(i => new[] { (byte)i })];
        var threads = new Thread[Rounds];
        int wrong = 0;
        long allocated = await Task.Run(async () =>
        {
            while (Thread.CurrentThread.IsThreadPoolThread) await ReadOneAsync().ConfigureAwait(false);
            long before = 0;
            for (int i = 0; i < Rounds; i++)
            {
                if (i == Rounds / 2) before = GC.GetAllocatedBytesForCurrentThread();
                ValueTask<int> read = reading.ReadAsync(buffer, Cancel);
                peer.Send(sent[i]);
                if (await read.ConfigureAwait(false) != 1 || buffer[0] != (byte)i) wrong++;
                threads[i] = Thread.CurrentThread;
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }, Cancel);

        Assert.Equal(0, wrong);
        Thread thread = Assert.Single(threads.Distinct());
        Assert.False(thread.IsThreadPoolThread);
        Assert.InRange(allocated, 0, Rounds / 2);
        reading.Dispose();
        Assert.True(await EndsAsync(thread), "The thread goes on without its socket.");
    }

    [Fact]
    public async Task Read_Cancelled_TakesNothingAndEndsOnThePool()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<bool> cancelled = Task.Run(async () =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading.ReadAsync(buffer, stop.Token));
            return Thread.CurrentThread.IsThreadPoolThread;
        }, Cancel);
        await stop.CancelAsync();
        Assert.True(await cancelled.WaitAsync(LinkFixture.Limit()));

        peer.Send([1, 2, 3]);

        Assert.Equal(3, await reading.ReadAsync(buffer, Cancel).AsTask().WaitAsync(LinkFixture.Limit()));
        Assert.Equal([1, 2, 3], buffer[..3]);
        Assert.True(reading.ReadAsync(buffer, new CancellationToken(canceled: true)).AsTask().IsCanceled);
    }

    /// <summary>The thread still waits in the system for a read that was cancelled, and wakes for bytes that nobody asked for.</summary>
    [Fact]
    public async Task Read_BytesArriveBetweenCancelledAndNext_GetsThem()
    {
        Thread thread = await Task.Run(GoOnTheThreadAsync, Cancel);
        await Task.Yield();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<int> cancelled = reading.ReadAsync(buffer, stop.Token).AsTask();
        await Patience.UntilAsync(() => !thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        peer.Send([1, 2, 3]);
        await Patience.UntilAsync(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin));

        Assert.Equal(3, await reading.ReadAsync(buffer, Cancel).AsTask().WaitAsync(LinkFixture.Limit()));
        Assert.Equal([1, 2, 3], buffer[..3]);
    }

    [Fact]
    public async Task Read_CancelledWhileBytesArrive_LosesNone()
    {
        byte next = 0;
        for (int i = 0; i < Rounds; i++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            Task<int> read = reading.ReadAsync(buffer.AsMemory(0, 1), stop.Token).AsTask();
            Task cancelling = Task.Run(stop.Cancel, Cancel);
            peer.Send([(byte)i]);
            await cancelling;
            try
            {
                Assert.Equal(1, await read.WaitAsync(LinkFixture.Limit()));
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(1, await reading.ReadAsync(buffer.AsMemory(0, 1), Cancel).AsTask().WaitAsync(LinkFixture.Limit()));
            }
            Assert.Equal(next++, buffer[0]);
        }
    }

    [Fact]
    public async Task Read_PeerEnds_IsZeroAtEachRead()
    {
        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, await reading.ReadAsync(buffer, Cancel).AsTask().WaitAsync(LinkFixture.Limit()));
        Assert.Equal(0, await reading.ReadAsync(buffer, Cancel).AsTask().WaitAsync(LinkFixture.Limit()));
    }

    [Fact]
    public async Task Read_PeerResets_IsAnIOException()
    {
        Task<int> read = reading.ReadAsync(buffer, Cancel).AsTask();
        peer.LingerState = new LingerOption(true, 0);

        peer.Dispose();

        await Assert.ThrowsAsync<IOException>(() => read.WaitAsync(LinkFixture.Limit()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Dispose_ReadWaitsOrNone_EndsThreadAndSocket(bool waits)
    {
        Thread thread = await Task.Run(GoOnTheThreadAsync, Cancel);
        Task<int> read = waits ? reading.ReadAsync(buffer, Cancel).AsTask() : Task.FromResult(0);

        reading.Dispose();

        if (waits) await Task.WhenAny(read).WaitAsync(LinkFixture.Limit());
        Assert.True(await EndsAsync(thread));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reading.ReadAsync(buffer, Cancel));
        Assert.Equal(0, await peer.ReceiveAsync(buffer, Cancel));
    }

    [Fact]
    public async Task Dispose_BeforeTheFirstRead_LeavesNoThread()
    {
        reading.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reading.ReadAsync(buffer, Cancel));
    }

    [Fact]
    public async Task Read_Twice_IsRefused()
    {
        ValueTask<int> read = reading.ReadAsync(buffer, Cancel);

        Assert.Throws<InvalidOperationException>(() => { _ = reading.ReadAsync(buffer, Cancel).AsTask(); });

        peer.Send([7]);
        Assert.Equal(1, await read);
    }

    private async Task<Thread> GoOnTheThreadAsync()
    {
        while (Thread.CurrentThread.IsThreadPoolThread) await ReadOneAsync().ConfigureAwait(false);
        return Thread.CurrentThread;
    }

    /// <summary>Whoever awaits this from elsewhere may find it over, and goes on where it is: ask again.</summary>
    private async Task ReadOneAsync()
    {
        ValueTask<int> read = reading.ReadAsync(buffer, Cancel);
        peer.Send([1]);
        await read.ConfigureAwait(false);
    }

    /// <summary>On the pool: what awaits a read may be on the thread itself.</summary>
    private static Task<bool> EndsAsync(Thread thread) => Task.Run(() => thread.Join(TimeSpan.FromMinutes(3)), Cancel);
}
