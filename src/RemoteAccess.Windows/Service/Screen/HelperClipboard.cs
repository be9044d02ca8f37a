using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The clipboard of the session that has the screen, which the session helper reads and writes. Each access belongs to one helper, as to one user. Thread-safe.</summary>
internal sealed class HelperClipboard(HelperHome home, TimeProvider time) : IClipboard
{
    public async ValueTask<IClipboardAccess> OpenAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != Operations.Clipboard) throw new ArgumentException($"This needs a permit for {Operations.Clipboard}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
        HelperLink link = home.Current ?? throw new DesktopException(DesktopError.NoDisplay, "No program of this service is in the session that has the screen just now, so there is no clipboard. Try again in a moment.");
        HelperClipboardAccess access = new(link, permit, time);
        try
        {
            await access.OpenedAsync(cancellationToken).ConfigureAwait(false);
            return access;
        }
        catch
        {
            await access.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>One use of one helper's clipboard, seen from the service, which asks the permit. With the helper gone it is over. Thread-safe.</summary>
internal sealed class HelperClipboardAccess : IClipboardAccess, IHelperChannel
{
    /// <summary>Another program may keep the clipboard for a second; a helper that takes longer to answer does not answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock changing = new();
    private readonly HelperLink link;
    private readonly OperationPermit permit;
    private readonly TimeProvider time;
    private readonly uint number;
    private readonly CancellationTokenRegistration withdrawal;
    /// <summary>To the opening, then to the text that is being put there.</summary>
    private TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<string>? wished;
    private bool isOver;

    public HelperClipboardAccess(HelperLink link, OperationPermit permit, TimeProvider time)
    {
        (this.link, this.permit, this.time) = (link, permit, time);
        number = link.Add(this);
        link.Send(new MessageWriter(HelperWord.OpenClipboard, number));
        withdrawal = permit.Withdrawn.UnsafeRegister(static access => ((HelperClipboardAccess)access!).Close(), this);
    }

    /// <summary>Returns when it is ready.</summary>
    /// <exception cref="DesktopException">It cannot be.</exception>
    public Task OpenedAsync(CancellationToken cancellationToken) => PermittedAsync(AnsweredAsync, cancellationToken);

    public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        permit.Demand();
        Task<string> coming;
        lock (changing)
        {
            if (isOver) throw Over();
            // One that was wished for and not waited for comes all the same: it is this one's.
            if (wished is null)
            {
                wished = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                link.Send(new MessageWriter(HelperWord.Next, number));
            }
            coming = wished.Task;
        }
        await PermittedAsync(token => coming.WaitAsync(token), cancellationToken).ConfigureAwait(false);
        permit.Demand();
        lock (changing) wished = null;
        return await coming.ConfigureAwait(false);
    }

    public async ValueTask SetAsync(string text, CancellationToken cancellationToken)
    {
        if (!ClipboardText.CanTravel(text)) throw new ArgumentException("This text cannot be put on the clipboard.", nameof(text));
        permit.Demand();
        await PermittedAsync(async token =>
        {
            // One that was given up before its answer came, whatever the answer.
            await ((Task)answer.Task).WaitAsync(Patience, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            token.ThrowIfCancellationRequested();
            lock (changing)
            {
                if (isOver || !answer.Task.IsCompleted) throw Over();
                answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                link.Send(new MessageWriter(HelperWord.PutText, number).AddClipboardText(text));
            }
            await AnsweredAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    public void Receive(HelperWord word, ref MessageReader body)
    {
        lock (changing)
        {
            switch (word)
            {
                case HelperWord.Done when !answer.Task.IsCompleted:
                    body.End();
                    answer.TrySetResult();
                    break;
                case HelperWord.Failed when !answer.Task.IsCompleted:
                    answer.TrySetException(FrameChannel.ReadFailure(ref body));
                    _ = answer.Task.Exception;
                    break;
                case HelperWord.Copied when wished is { Task.IsCompleted: false }:
                    if (body.Flag())
                    {
                        string text = ClipboardWords.Read(ref body);
                        body.End();
                        wished.TrySetResult(text);
                        break;
                    }
                    wished.TrySetException(FrameChannel.ReadFailure(ref body));
                    _ = wished.Task.Exception;
                    break;
                default:
                    throw new InvalidDataException($"{word} from the clipboard.");
            }
        }
    }

    public void Lost()
    {
        lock (changing)
        {
            isOver = true;
            answer.TrySetException(Over());
            wished?.TrySetException(Over());
            // Nobody may be awaiting them any more.
            _ = answer.Task.Exception;
            _ = wished?.Task.Exception;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await withdrawal.DisposeAsync().ConfigureAwait(false);
        Close();
    }

    /// <summary>Nothing is read or put there any more in the helper.</summary>
    private void Close()
    {
        lock (changing)
        {
            if (isOver) return;
        }
        link.Send(new MessageWriter(HelperWord.Close, number));
        link.Remove(number);
        Lost();
    }

    private async Task AnsweredAsync(CancellationToken cancellationToken)
    {
        try
        {
            await answer.Task.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException silent)
        {
            throw new DesktopException(DesktopError.NoDisplay, "The clipboard of the person's session does not answer. Try again.", silent);
        }
    }

    /// <summary>Does it for as long as it is permitted: what it throws once it is not is that it is not.</summary>
    private async Task PermittedAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, permit.Withdrawn);
        try
        {
            await act(either.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (permit.Withdrawn.IsCancellationRequested && fault is OperationCanceledException or DesktopException)
        {
            permit.Demand();
            throw;
        }
    }

    private static DesktopException Over() => new(DesktopError.DisplayLost, "The session helper that had the clipboard is gone, or does not have it any more. Try again in a moment.");
}
