using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The computer's clipboard in one session. Nothing of it is read before the technician asked to listen, and each text goes on a permit, in the ledger before it goes: that it did
/// and how long it was, never what it says. Beside the session's receiving, because another program may keep the clipboard for a while. Called by the receiving loop.
/// </summary>
internal sealed class ClipboardExchange : IAsyncDisposable
{
    public const string Subject = "Clipboard message";

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly IClipboard? clipboard;
    private readonly ILogger logger;
    private readonly CancellationTokenSource over;
    private readonly TextsRecord record;
    private readonly SemaphoreSlim turn = new(1, 1);
    private IClipboardAccess? watched;
    private CancellationTokenSource? listenRun;
    private Task listening = Task.CompletedTask, setting = Task.CompletedTask;
    private volatile string? lastExchanged;
    private volatile bool isSetting;

    public ClipboardExchange(MessageChannel messages, LiveSession session, IClipboard? clipboard, ILogger logger, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.clipboard, this.logger) = (messages, session, clipboard, logger);
        record = session.Tools.ClipboardTexts;
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    /// <summary>Begins or ends to tell the technician what is copied.</summary>
    public async ValueTask ListenAsync(bool isOn)
    {
        if (isOn && !listening.IsCompleted) return;
        await StopListeningAsync().ConfigureAwait(false);
        if (!isOn) return;
        listenRun = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        CancellationToken token = listenRun.Token;
        listening = SessionWork.Begin(session, () => RunAsync(ListenAsync, RefuseListeningAsync, token));
    }

    /// <summary>Takes a text of the technician's, and answers when it is on the clipboard.</summary>
    /// <param name="message">Lent until this returns.</param>
    /// <param name="cancellationToken">Cancels the answer to one that comes while another is being put there.</param>
    public async ValueTask ReceiveAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (isSetting)
        {
            await RefuseSettingAsync(RefusalReason.Busy, cancellationToken).ConfigureAwait(false);
            return;
        }
        string? text = ClipboardText.TryDecode(message.Span);
        isSetting = true;
        CancellationToken token = over.Token;
        setting = Task.WhenAll(setting, SessionWork.Begin(session, () => RunAsync(cancel => SetAsync(text, cancel), EndSettingAsync, token)));
    }

    /// <summary>Returns when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await StopListeningAsync().ConfigureAwait(false);
        await setting.ConfigureAwait(false);
        turn.Dispose();
        over.Dispose();
    }

    private async ValueTask StopListeningAsync()
    {
        if (listenRun is null) return;
        await listenRun.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        listenRun.Dispose();
        listenRun = null;
    }

    private async Task ListenAsync(CancellationToken token)
    {
        OperationPermit held = await PermitAsync(token).ConfigureAwait(false);
        using var allowed = CancellationTokenSource.CreateLinkedTokenSource(token, held.Withdrawn);
        IClipboardAccess open = await clipboard!.OpenAsync(held, token).ConfigureAwait(false);
        await WatchAsync(open).ConfigureAwait(false);
        try
        {
            while (true)
            {
                string text = await open.NextAsync(allowed.Token).ConfigureAwait(false);
                held.Demand();
                // What the technician put there, or had already.
                if (text == lastExchanged || !ClipboardText.CanTravel(text)) continue;
                byte[] message = ClipboardText.Encode(text);
                await record.AddAsync(isToComputer: false, message.Length - 1).ConfigureAwait(false);
                held.Demand();
                lastExchanged = text;
                await messages.SendAsync(MessageStream.Clipboard, message, allowed.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (held.Withdrawn.IsCancellationRequested)
        {
            held.Demand();
            throw;
        }
        finally
        {
            // Not while a text is being put there through it.
            await WatchAsync(null).ConfigureAwait(false);
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask WatchAsync(IClipboardAccess? open)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        watched = open;
        turn.Release();
    }

    private async Task SetAsync(string? text, CancellationToken token)
    {
        OperationPermit held = await PermitAsync(token).ConfigureAwait(false);
        if (text is null) throw new AccessRefusedException(RefusalReason.NotAcceptable, operation: Operations.Clipboard);
        using var allowed = CancellationTokenSource.CreateLinkedTokenSource(token, held.Withdrawn);
        await record.AddAsync(isToComputer: true, System.Text.Encoding.UTF8.GetByteCount(text)).ConfigureAwait(false);
        held.Demand();
        lastExchanged = text;
        try
        {
            await PutAsync(text, held, allowed.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (held.Withdrawn.IsCancellationRequested)
        {
            held.Demand();
            throw;
        }
        isSetting = false;
        await AnswerAsync(RefusalReason.None, token).ConfigureAwait(false);
    }

    /// <summary>Whoever has the answer may send another text.</summary>
    private ValueTask EndSettingAsync(RefusalReason reason, CancellationToken token)
    {
        isSetting = false;
        return RefuseSettingAsync(reason, token);
    }

    /// <summary>Through the access that is watched, which knows its own texts; else through one for this alone.</summary>
    private async ValueTask PutAsync(string text, OperationPermit held, CancellationToken token)
    {
        await turn.WaitAsync(token).ConfigureAwait(false);
        try
        {
            if (watched is { } open)
            {
                await open.SetAsync(text, token).ConfigureAwait(false);
                return;
            }
            IClipboardAccess once = await clipboard!.OpenAsync(held, token).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable closing = once.ConfigureAwait(false);
            await once.SetAsync(text, token).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The permit at this use.</summary>
    private async ValueTask<OperationPermit> PermitAsync(CancellationToken token)
    {
        OperationPermit held = await session.PermitAsync(Operations.Clipboard, token).ConfigureAwait(false);
        return clipboard is not null ? held : throw new AccessRefusedException(RefusalReason.NotAvailable, operation: Operations.Clipboard);
    }

    private async Task RunAsync(Func<CancellationToken, Task> act, Func<RefusalReason, CancellationToken, ValueTask> refuse, CancellationToken token)
    {
        RefusalReason refusal = await TryAsync(act, token).ConfigureAwait(false);
        // When the session ends the farewell says why, and no refusal.
        if (refusal != RefusalReason.None && session.EndReason == RefusalReason.None) await refuse(refusal, token).ConfigureAwait(false);
    }

    private async ValueTask<RefusalReason> TryAsync(Func<CancellationToken, Task> act, CancellationToken token)
    {
        try
        {
            await act(token).ConfigureAwait(false);
            return RefusalReason.None;
        }
        catch (AccessRefusedException refusal)
        {
            return refusal.Reason;
        }
        catch (DesktopException error)
        {
            LogMessages.DesktopFailed(logger, error);
            return RefusalReason.DesktopUnavailable;
        }
    }

    private async ValueTask RefuseListeningAsync(RefusalReason reason, CancellationToken token)
    {
        await session.RecordRefusalAsync(Operations.Clipboard, reason, Subject).ConfigureAwait(false);
        await messages.SendAsync(new ControlMessage { Refused = new Refused { Operation = (uint)Operations.Clipboard, Reason = (uint)reason } }, token).ConfigureAwait(false);
    }

    private async ValueTask RefuseSettingAsync(RefusalReason reason, CancellationToken token)
    {
        await session.RecordRefusalAsync(Operations.Clipboard, reason, Subject).ConfigureAwait(false);
        await AnswerAsync(reason, token).ConfigureAwait(false);
    }

    private ValueTask AnswerAsync(RefusalReason reason, CancellationToken token) =>
        messages.SendAsync(new ControlMessage { ClipboardAnswer = new ClipboardAnswer { Reason = (uint)reason } }, token);
}
