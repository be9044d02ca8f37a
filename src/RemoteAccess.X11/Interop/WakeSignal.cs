using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>An eventfd: what makes a thread that polls an X socket look up. <see cref="Signal"/> may come from any thread, also after disposal.</summary>
internal sealed unsafe class WakeSignal : IDisposable
{
    private readonly Lock closing = new();
    private int descriptor;

    public WakeSignal()
    {
        descriptor = LibC.eventfd(0, LibC.EventFdNonBlocking | LibC.EventFdCloseOnExec);
        if (descriptor < 0) throw new IOException($"eventfd failed with {Marshal.GetLastPInvokeError()}.");
    }

    public void Signal()
    {
        ulong one = 1;
        lock (closing)
        {
            if (descriptor >= 0) _ = LibC.write(descriptor, &one, sizeof(ulong));
        }
    }

    /// <summary>Waits until the signal, something to read at <paramref name="other"/> (negative: nothing), or the time is up.</summary>
    /// <param name="other">Descriptor to watch beside the signal.</param>
    /// <param name="timeoutMilliseconds">Negative: for ever.</param>
    public void Wait(int other, int timeoutMilliseconds)
    {
        PollFd* both = stackalloc PollFd[2];
        both[0] = new PollFd { Descriptor = descriptor, Events = LibC.PollIn };
        both[1] = new PollFd { Descriptor = other, Events = LibC.PollIn };
        int ready = LibC.poll(both, 2, timeoutMilliseconds);
        if (ready > 0 && both[0].Happened != 0)
        {
            ulong count;
            _ = LibC.read(descriptor, &count, sizeof(ulong));
        }
    }

    public void Dispose()
    {
        lock (closing)
        {
            if (descriptor < 0) return;
            _ = LibC.close(descriptor);
            descriptor = -1;
        }
    }
}
