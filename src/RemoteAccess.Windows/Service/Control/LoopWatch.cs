using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>
/// Ends a service that hangs, so that Windows starts it again: on a thread of its own, it has the pool's threads do something every few seconds. What it counts are its own looks, so that a computer
/// that slept has not hung.
/// </summary>
internal sealed class LoopWatch : IDisposable
{
    /// <summary>How often it looks, and how many looks in vain are a hang: a minute.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    public const int MostMissed = 12;

    private readonly ManualResetEventSlim stop = new();
    private readonly Action<Action> queue;
    private readonly TimeSpan look;
    private readonly Action hangs;
    private readonly ILogger logger;
    private readonly Thread thread;
    private int isDone = 1;

    /// <param name="queue">Has something done by the threads that are watched.</param>
    /// <param name="look">How long between two looks.</param>
    /// <param name="hangs">Called once, on the watch's own thread.</param>
    /// <param name="logger">Told before.</param>
    public LoopWatch(Action<Action> queue, TimeSpan look, Action hangs, ILogger logger)
    {
        (this.queue, this.look, this.hangs, this.logger) = (queue, look, hangs, logger);
        thread = new Thread(Watch) { IsBackground = true, Name = "RemoteAccess watch" };
        thread.Start();
    }

    /// <summary>Of this process, which it ends at once and with an error.</summary>
    public static LoopWatch OfThisProcess(ILogger logger) => new(static done => ThreadPool.UnsafeQueueUserWorkItem(static done => ((Action)done!)(), done), LookEvery, static () =>
    {
        using SafeProcessHandle self = new(Kernel32Memory.GetCurrentProcess(), ownsHandle: false);
        _ = Kernel32Launch.TerminateProcess(self, 1);
    }, logger);

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private void Watch()
    {
        int missed = 0;
        while (!stop.Wait(look))
        {
            if (Interlocked.Exchange(ref isDone, 0) == 1)
            {
                missed = 0;
                queue(() => Volatile.Write(ref isDone, 1));
            }
            else if (++missed >= MostMissed)
            {
                Log.ServiceHangs(logger, look.TotalSeconds * missed);
                hangs();
                return;
            }
        }
    }
}
