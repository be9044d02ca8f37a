using RemoteAccess.Transport;

namespace RemoteAccess.Sessions;

/// <summary>A request of the technician's that is being answered. What the receiving loop has for it goes through here.</summary>
internal sealed class FileRun : IDisposable
{
    /// <summary>A transfer in which nothing moves for so long is broken off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource stopped;
    private readonly TimeProvider time;

    public FileRun(uint request, bool isListing, TimeProvider time, CancellationToken sessionOver)
    {
        (Request, IsListing, this.time) = (request, isListing, time);
        stopped = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    public uint Request { get; }

    public bool IsListing { get; }

    /// <summary>Where content goes; null while none is wanted.</summary>
    public FileInbox? Inbox { get; set; }

    /// <summary>The hash that the technician tells behind the last content.</summary>
    public TaskCompletionSource<byte[]> Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes that went, or came.</summary>
    public long Bytes { get; set; }

    /// <summary>Cancelled when the technician does not want it any more, and with the session.</summary>
    public CancellationToken Stopped => stopped.Token;

    public void Stop() => stopped.Cancel();

    /// <summary>Ends when nothing moves: to be wound up at each step.</summary>
    public CancellationTokenSource Clock() => new(Patience, time);

    public void Dispose() => stopped.Dispose();
}
