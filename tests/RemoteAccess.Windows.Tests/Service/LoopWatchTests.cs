using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>A service whose threads do nothing any more.</summary>
public sealed class LoopWatchTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>For threads that do something, which a busy machine keeps waiting: three seconds are a hang.</summary>
    private static readonly TimeSpan Rare = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Threads_ThatDoNothing_AreAHangOnceAfterManyLooks()
    {
        int asked = 0, hangs = 0;
        using LoopWatch watch = new(_ => Interlocked.Increment(ref asked), Look, () => Interlocked.Increment(ref hangs), NullLogger.Instance);

        await Eventually.Is(() => Volatile.Read(ref hangs) > 0, "it hangs");
        await Task.Delay(Look * 4, TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (Volatile.Read(ref asked), Volatile.Read(ref hangs)));
    }

    [Fact]
    public async Task Threads_ThatAreSlow_AreNone()
    {
        int done = 0, hangs = 0, looks = 0;
        Action? waiting = null;
        using LoopWatch watch = new(later =>
        {
            waiting = later;
            Interlocked.Increment(ref looks);
        }, Rare, () => Interlocked.Increment(ref hangs), NullLogger.Instance);
        while (done < 10)
        {
            await Eventually.Is(() => Volatile.Read(ref looks) > done, "it asks");
            Interlocked.Exchange(ref waiting, null)?.Invoke();
            done++;
        }

        Assert.Equal(0, hangs);
    }

    [Fact]
    public async Task ThisProcess_DoesNotHang()
    {
        int done = 0;
        using LoopWatch watch = new(later => ThreadPool.UnsafeQueueUserWorkItem(_ =>
        {
            later();
            Interlocked.Increment(ref done);
        }, null), Rare, static () => Assert.Fail("It hangs."), NullLogger.Instance);

        await Eventually.Is(() => Volatile.Read(ref done) > 5, "it goes on");
    }
}
