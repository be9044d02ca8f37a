using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// What a technician can do in a session besides seeing and steering, a tool for each: every one asks for its permit at each use and answers for itself. Messages are handed to it by
/// the receiving loop, one at a time.
/// </summary>
internal sealed class AgentTools : IAsyncDisposable
{
    private readonly FillExchange fills;
    private readonly ClipboardExchange clipboard;
    private readonly RestartExchange restarts;
    private readonly ChatExchange chat;
    private readonly FileExchange files;
    private readonly RecordingExchange recording;
    private readonly SystemInfoExchange systemInfo;
    private readonly CommandsExchange commands;

    public AgentTools(MessageChannel messages, LiveSession session, IDesktop desktop, ToolOptions options, Action repeatPicture, TimeProvider time, ILogger logger, CancellationToken sessionOver)
    {
        fills = new FillExchange(messages, session, time, sessionOver);
        clipboard = new ClipboardExchange(messages, session, desktop.Clipboard, logger, sessionOver);
        restarts = new RestartExchange(messages, session, desktop.Power, logger, sessionOver);
        chat = new ChatExchange(messages, session, time, logger, sessionOver);
        files = new FileExchange(messages, session, options.Sharing, time, logger, sessionOver);
        recording = new RecordingExchange(messages, session, repeatPicture, time, sessionOver);
        systemInfo = new SystemInfoExchange(messages, session, time, logger, sessionOver);
        commands = new CommandsExchange(messages, session, options.Commands, time, logger, sessionOver);
    }

    /// <summary>Takes a message of a tool.</summary>
    /// <returns>False when it is no tool's.</returns>
    public async ValueTask<bool> TryReceiveAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        switch (message.Stream)
        {
            case MessageStream.Control:
                return await TryReceiveAsync((ControlMessage)message.Body!, cancellationToken).ConfigureAwait(false);
            case MessageStream.Clipboard:
                await clipboard.ReceiveAsync(message.Payload, cancellationToken).ConfigureAwait(false);
                return true;
            case MessageStream.Chat:
                await chat.ReceiveAsync((ChatMessage)message.Body!, cancellationToken).ConfigureAwait(false);
                return true;
            case MessageStream.Files:
                files.Receive(message.Payload.Span);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns when nothing of a tool runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await using ConfiguredAsyncDisposable filling = fills.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable chatting = chat.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable ending = recording.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable restarting = restarts.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable transferring = files.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable telling = systemInfo.ConfigureAwait(false);
        await using ConfiguredAsyncDisposable running = commands.ConfigureAwait(false);
        await clipboard.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> TryReceiveAsync(ControlMessage message, CancellationToken cancellationToken)
    {
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.ListenClipboard:
                await clipboard.ListenAsync(message.ListenClipboard.On).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.Restart:
                await restarts.ReceiveAsync(message.Restart, cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.StartRecording:
                await recording.StartAsync(cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.StopRecording:
                await recording.StopAsync(message.StopRecording, cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.ReadSystemInfo:
                await systemInfo.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.RunCommand:
                await commands.ReceiveAsync(message.RunCommand, cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.CommandTaken:
                await commands.ReceiveAsync(message.CommandTaken, cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.CommandCancel:
                await commands.ReceiveAsync(message.CommandCancel, cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.FillCredential:
                await fills.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                return true;
            default:
                return await files.TryReceiveAsync(message, cancellationToken).ConfigureAwait(false);
        }
    }
}
