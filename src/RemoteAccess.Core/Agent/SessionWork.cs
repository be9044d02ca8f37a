using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>What is done for a technician beside the session's receiving loop, which must not wait for it.</summary>
internal static class SessionWork
{
    /// <summary>
    /// Begins it. The task never faults by what ends a session: the receiving loop sees the same end of channel or session, and a record that could not be kept ends the session here.
    /// </summary>
    public static Task Begin(LiveSession session, Func<Task> work) => Task.Run(() => RunAsync(session, work), CancellationToken.None);

    private static async Task RunAsync(LiveSession session, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            // The receiving loop says it.
            return;
        }
        catch (StateException)
        {
            await session.EndAsync(RefusalReason.RecordUnavailable, "the record could not be kept", CancellationToken.None).ConfigureAwait(false);
        }
    }
}
