using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// One accepted session on the customer's computer, from Accepted to the authenticated close. Everything done for the technician is
/// done here, on a permit; what has no handler is refused. The live session belongs to the caller.
/// </summary>
internal sealed class AgentSession : IAsyncDisposable
{
    /// <summary>Nothing at all from a viewer for this long means that it is gone; viewers ping three times as often.</summary>
    internal static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(30);

    private const string PictureSubject = "Picture message";
    /// <summary>For the last words, behind the receipt: nothing of the session is alive any more, and a computer that is busy, or far away, takes its time.</summary>
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReceiptLimit = TimeSpan.FromSeconds(1.5);

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly IDesktop desktop;
    private readonly ToolOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly AgentWitness witness;
    private readonly NotesReceiver notes;
    private Task pictureTask = Task.CompletedTask;
    private CancellationTokenSource? pictureRun;

    public AgentSession(MessageChannel messages, LiveSession session, IDesktop desktop, ToolOptions options, TimeProvider time, ILogger logger)
    {
        this.messages = messages;
        this.session = session;
        this.desktop = desktop;
        this.options = options;
        this.time = time;
        this.logger = logger;
        witness = new AgentWitness(messages, session, time, logger);
        notes = new NotesReceiver(messages, session, logger);
    }

    /// <summary>Serves the technician until either side ends. When it returns nothing runs any more, no key is held, and the end is in the ledger.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(session.Ended, stopping);
        using var silence = new CancellationTokenSource(SilenceLimit, time);
        using var receiving = CancellationTokenSource.CreateLinkedTokenSource(over.Token, silence.Token);
        var inputs = new InputTimes();
        using var picture = new PicturePipeline(desktop, inputs, messages, time);
        var input = new InputReceiver(desktop, session, inputs, time);
        var questions = new SessionQuestions(messages, session, RecordRefusalAsync, over.Token);
        await using ConfiguredAsyncDisposable asking = questions.ConfigureAwait(false);
        var credentials = new CredentialsExchange(messages, session, logger);
        var tools = new AgentTools(messages, session, desktop, options, picture.Repeat, time, logger, over.Token);
        var parts = new Parts(input, picture, questions, credentials, tools);
        string ending = "ended by the agent";
        bool hasHungUp = false;
        try
        {
            await witness.BeginAsync(receiving.Token).ConfigureAwait(false);
            while (true)
            {
                ReceivedMessage message = await messages.ReceiveAsync(receiving.Token).ConfigureAwait(false);
                silence.CancelAfter(SilenceLimit);
                session.NoteArrival();
                if (message.IsEnd || message.Body is ControlMessage { KindCase: ControlMessage.KindOneofCase.Ending })
                {
                    await EndAsync(RefusalReason.SessionEnded, "finished by the technician").ConfigureAwait(false);
                    hasHungUp = message.IsEnd;
                    return;
                }

                await HandleAsync(message, parts, receiving.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (receiving.IsCancellationRequested)
        {
            ending = session.Ended.IsCancellationRequested ? "ended by the customer's rule"
                : stopping.IsCancellationRequested ? "the agent is stopping" : "nothing was heard from the technician";
        }
        catch (ChannelException error)
        {
            ending = error.Error == ChannelError.Truncated ? "the connection was cut" : $"the channel failed: {error.Error}";
        }
        catch (StateException error)
        {
            LogMessages.RecordFailed(logger, error);
            await EndAsync(RefusalReason.RecordUnavailable, "the record could not be kept").ConfigureAwait(false);
        }
        finally
        {
            await credentials.DisposeAsync().ConfigureAwait(false);
            await input.DisposeAsync().ConfigureAwait(false);
            await tools.DisposeAsync().ConfigureAwait(false);
            await StopPictureAsync().ConfigureAwait(false);
            await EndAsync(RefusalReason.SessionEnded, ending).ConfigureAwait(false);
            await SayGoodbyeAsync(ending, hasHungUp).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => witness.DisposeAsync();

    private async ValueTask HandleAsync(ReceivedMessage message, Parts parts, CancellationToken cancellationToken)
    {
        Operations wanted = Operations.None;
        try
        {
            if (message.IsUnknownKind)
            {
                await RefuseAsync(OperationOf(message.Stream), RefusalReason.OperationNotGranted, $"unknown {message.Stream} message", cancellationToken).ConfigureAwait(false);
                return;
            }

            switch (message.Stream)
            {
                // One for each frame: before everything that asks what a message might be.
                case MessageStream.Control when message.Body is ControlMessage { KindCase: ControlMessage.KindOneofCase.PictureAck, PictureAck: var ack }:
                    parts.Picture.Acknowledge(ack.Sequence, TimeSpan.FromMicroseconds(ack.DecodeMicroseconds));
                    break;
                case MessageStream.Control when message.Body is ControlMessage { KindCase: ControlMessage.KindOneofCase.Credentials }:
                    if (parts.Credentials.Receive(message, cancellationToken) is not RefusalReason.None and var reason)
                        await RefuseAsync(Operations.None, reason, "Credentials message", cancellationToken).ConfigureAwait(false);
                    break;
                case MessageStream.Control:
                    if (await parts.Tools.TryReceiveAsync(message, cancellationToken).ConfigureAwait(false)) break;
                    wanted = Operations.ViewScreen;
                    await HandleAsync((ControlMessage)message.Body!, parts, cancellationToken).ConfigureAwait(false);
                    break;
                case MessageStream.Input:
                    wanted = Operations.ControlInput;
                    await parts.Input.ReceiveAsync((InputMessage)message.Body!, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    wanted = OperationOf(message.Stream);
                    if (await parts.Tools.TryReceiveAsync(message, cancellationToken).ConfigureAwait(false)) break;
                    await RefuseAsync(wanted, RefusalReason.OperationNotGranted, SubjectOf(message.Stream), cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
        catch (AccessRefusedException refusal)
        {
            await RefuseAsync(wanted, refusal.Reason, SubjectOf(message.Stream), cancellationToken).ConfigureAwait(false);
        }
        catch (DesktopException error)
        {
            LogMessages.DesktopFailed(logger, error);
            await RefuseAsync(wanted, RefusalReason.DesktopUnavailable, SubjectOf(message.Stream), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(ControlMessage message, Parts parts, CancellationToken cancellationToken)
    {
        (PicturePipeline picture, SessionQuestions questions) = (parts.Picture, parts.Questions);
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.Picture when message.Picture.On:
                picture.RequestEpoch(PictureRequests.Read(message.Picture));
                if (pictureTask.IsCompleted) await StartPictureAsync(picture, cancellationToken).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.Picture:
                await StopPictureAsync().ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.Proof:
                if (!picture.CheckProof(message.Proof.Sequence, message.Proof.Sha256.Span)) LogMessages.ProofFailed(logger, message.Proof.Sequence);
                break;
            case ControlMessage.KindOneofCase.Ping:
                await messages.SendAsync(new ControlMessage { Pong = message.Ping }, cancellationToken).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.AskOperation:
                await questions.AskAsync(message.AskOperation, cancellationToken).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.ProposeGrant:
                await questions.ProposeAsync(message.ProposeGrant, cancellationToken).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.CompleteGrant:
                await questions.CompleteAsync(message.CompleteGrant, cancellationToken).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.Notes:
                await notes.ReceiveAsync(message.Notes, cancellationToken).ConfigureAwait(false);
                break;
            default:
                if (await witness.ReceiveAsync(message, cancellationToken).ConfigureAwait(false) is { } refused)
                    await RefuseAsync(Operations.None, RefusalReason.OperationNotGranted, refused, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async ValueTask StartPictureAsync(PicturePipeline picture, CancellationToken cancellationToken)
    {
        await StopPictureAsync().ConfigureAwait(false);
        OperationPermit permit = await session.PermitAsync(Operations.ViewScreen, cancellationToken).ConfigureAwait(false);
        pictureRun = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        pictureTask = RunPictureAsync(picture, permit, pictureRun.Token, cancellationToken);
    }

    /// <summary>Sends the picture for as long as it is asked for. While the person cannot see that somebody watches, it pauses, and goes on by itself.</summary>
    private async Task RunPictureAsync(PicturePipeline picture, OperationPermit permit, CancellationToken run, CancellationToken cancellationToken)
    {
        RefusalReason stopped = await RunPictureAsync(picture, permit, run).ConfigureAwait(false);
        while (stopped == RefusalReason.SurfaceLost && IsLive(cancellationToken) && !run.IsCancellationRequested)
        {
            await session.RecordRefusalAsync(Operations.ViewScreen, stopped, PictureSubject).ConfigureAwait(false);
            await messages.SendAsync(new ControlMessage { Operation = new OperationChanged { Operation = (uint)Operations.ViewScreen, Reason = (uint)stopped } }, run).ConfigureAwait(false);
            await session.WaitUntilSeenAsync(run).ConfigureAwait(false);
            try
            {
                permit = await session.PermitAsync(Operations.ViewScreen, run).ConfigureAwait(false);
            }
            catch (AccessRefusedException refusal)
            {
                stopped = refusal.Reason;
                continue;
            }
            await messages.SendAsync(new ControlMessage { Operation = new OperationChanged { Operation = (uint)Operations.ViewScreen, Allowed = true } }, run).ConfigureAwait(false);
            stopped = await RunPictureAsync(picture, permit, run).ConfigureAwait(false);
        }
        if (stopped != RefusalReason.None && IsLive(cancellationToken))
            await RefuseAsync(Operations.ViewScreen, stopped, PictureSubject, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the picture until it may not go on, which is told, or until it is cancelled.</summary>
    private async Task<RefusalReason> RunPictureAsync(PicturePipeline picture, OperationPermit permit, CancellationToken run)
    {
        using var allowed = CancellationTokenSource.CreateLinkedTokenSource(run, permit.Withdrawn);
        session.ReportWatching(true);
        try
        {
            await Task.Run(() => picture.RunAsync(permit, allowed.Token), allowed.Token).ConfigureAwait(false);
            return RefusalReason.None;
        }
        catch (OperationCanceledException) when (allowed.IsCancellationRequested)
        {
            return permit.WhyDead;
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
        finally
        {
            session.ReportWatching(false);
        }
    }

    /// <summary>False from the moment the session ends, when permits are withdrawn, too: then the farewell says why, and no refusal.</summary>
    private bool IsLive(CancellationToken cancellationToken) => session.EndReason == RefusalReason.None && !cancellationToken.IsCancellationRequested;

    private async ValueTask StopPictureAsync()
    {
        if (pictureRun is null) return;
        await pictureRun.CancelAsync().ConfigureAwait(false);
        try
        {
            await pictureTask.ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException or AccessRefusedException)
        {
            // The receiving loop sees the same channel and session end and reports them.
            LogMessages.PictureStopped(logger, error.Message);
        }

        pictureRun.Dispose();
        pictureRun = null;
    }

    /// <summary>Refuses one request: into the ledger first, then to the technician.</summary>
    private async ValueTask RefuseAsync(Operations operation, RefusalReason reason, string subject, CancellationToken cancellationToken)
    {
        await RecordRefusalAsync(operation, reason, subject).ConfigureAwait(false);
        var refused = new Refused { Operation = (uint)operation, Reason = (uint)reason };
        await messages.SendAsync(new ControlMessage { Refused = refused }, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RecordRefusalAsync(Operations operation, RefusalReason reason, string subject)
    {
        await session.RecordRefusalAsync(operation, reason, subject).ConfigureAwait(false);
        LogMessages.Refused(logger, subject, reason);
    }

    private async ValueTask EndAsync(RefusalReason reason, string text)
    {
        try
        {
            await session.EndAsync(reason, text, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StateException error)
        {
            LogMessages.RecordFailed(logger, error);
        }
    }

    private async ValueTask SayGoodbyeAsync(string text, bool hasHungUp)
    {
        try
        {
            await TellOfTheEndAsync(text, hasHungUp).ConfigureAwait(false);
            // A time of its own: a technician's side that let the receipt's pass is told of the end all the same.
            using var limit = new CancellationTokenSource(FarewellLimit, time);
            await messages.CloseAsync(limit.Token).ConfigureAwait(false);
            // A link that is dropped with something unread is reset, and the viewer would miss these last words.
            while (!(await messages.ReceiveAsync(limit.Token).ConfigureAwait(false)).IsEnd) LogMessages.PictureStopped(logger, "what the technician sent after the end is dropped");
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            LogMessages.PictureStopped(logger, error.Message);
        }
    }

    private async ValueTask TellOfTheEndAsync(string text, bool hasHungUp)
    {
        using var signing = new CancellationTokenSource(ReceiptLimit, time);
        try
        {
            var ending = new SessionEnding { Reason = (uint)session.EndReason, Text = text };
            await messages.SendAsync(new ControlMessage { Ending = ending }, signing.Token).ConfigureAwait(false);
            if (!hasHungUp) await witness.SayGoodbyeAsync(signing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signing.IsCancellationRequested)
        {
            LogMessages.PictureStopped(logger, "the technician's side takes nothing");
        }
    }

    private static string SubjectOf(MessageStream stream) => stream == MessageStream.Control ? PictureSubject : $"{stream} message";

    private static Operations OperationOf(MessageStream stream) => stream switch
    {
        MessageStream.Input => Operations.ControlInput,
        MessageStream.Chat => Operations.Chat,
        MessageStream.Clipboard => Operations.Clipboard,
        MessageStream.Files => Operations.TransferFiles,
        MessageStream.Recording => Operations.RecordSession,
        _ => Operations.None,
    };

    /// <summary>What messages are handed to.</summary>
    private sealed record Parts(InputReceiver Input, PicturePipeline Picture, SessionQuestions Questions, CredentialsExchange Credentials, AgentTools Tools);
}
