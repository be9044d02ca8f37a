using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Has credentials checked by Linux-PAM, as a log-on would have them checked. Wants an agent that runs as root: for any other account PAM's usual module
/// checks that account's own password and no other. A module that asks for more than one password makes it <see cref="AccountAnswer.Unavailable"/>. Each check
/// has a thread of its own, two at once at most; one that PAM never ends keeps its thread. Thread-safe.
/// </summary>
public sealed class PamAccountCheck : IAccountCheck
{
    /// <summary>Checks at once; more wait, within the time limit.</summary>
    private const int MostAtOnce = 2;

    // Of the process: so many threads may a module that hangs keep, however many agents there are. Never disposed.
    private static readonly SemaphoreSlim Turns = new(MostAtOnce, MostAtOnce);
    private readonly PamAccountCheckOptions options;

    /// <summary>Loads nothing yet.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public PamAccountCheck(PamAccountCheckOptions? options = null)
    {
        this.options = options ?? new PamAccountCheckOptions();
        this.options.Validate();
    }

    /// <inheritdoc/>
    public async ValueTask<AccountAnswer> CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        // Both end at a 00 in C: another account or password would be checked than was given. Longer ones PAM would cut or refuse.
        if (user.Contains('\0', StringComparison.Ordinal) || password.Length is 0 or >= LibPam.LongestResponse || password.Span.Contains((byte)0)) return AccountAnswer.WrongCredentials;
        if (!LibPam.IsPresent)
        {
            Log.PamMissing(options.Logger, LibPam.File);
            return AccountAnswer.Unavailable;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.TimeLimit);
        try
        {
            await Turns.WaitAsync(limit.Token).ConfigureAwait(false);
            // The thread has its own copy, because the caller wipes this one when we give up waiting.
            return await Start(user, new PamConversation(password.Span)).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.PamTooSlow(options.Logger, options.TimeLimit.TotalSeconds);
            return AccountAnswer.Unavailable;
        }
    }

    private Task<AccountAnswer> Start(string user, PamConversation conversation)
    {
        var answer = new TaskCompletionSource<AccountAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Check(user, conversation, answer)) { IsBackground = true, Name = "RemoteAccess PAM" };
        thread.UnsafeStart();
        return answer.Task;
    }

    private void Check(string user, PamConversation conversation, TaskCompletionSource<AccountAnswer> answer)
    {
        try
        {
            answer.SetResult(PamTransaction.Run(options.ServiceInUse, user, conversation, options.Logger));
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            Log.PamMissing(options.Logger, LibPam.File);
            answer.SetResult(AccountAnswer.Unavailable);
        }
        catch (Exception exception)
        {
            // On a thread of our own it would end the process; whoever asked gets it.
            answer.SetException(exception);
        }
        finally
        {
            conversation.Dispose();
            Turns.Release();
        }
    }
}
