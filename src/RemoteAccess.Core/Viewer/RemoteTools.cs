using Microsoft.Extensions.Logging;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>The technician's ends of a session's tools: what the computer sends for one is delivered to it, by the receiving loop.</summary>
internal sealed class RemoteTools(MessageChannel messages, Operations operations, RemoteRecording recording, ILogger logger)
{
    public RemoteClipboard Clipboard { get; } = new(messages, logger);

    public RemoteChat Chat { get; } = new(messages, operations.HasFlag(Operations.Chat), logger);

    public RemotePower Power { get; } = new(messages);

    public RemoteFiles Files { get; } = new(messages);

    public RemoteRecording Recording => recording;

    public RemoteCommands Commands { get; } = new(messages);

    public RemoteSystemInfo SystemInfo { get; } = new(messages);

    public RemoteStoredPassword StoredPassword { get; } = new(messages, logger);

    /// <returns>False when it is no tool's.</returns>
    /// <exception cref="ChannelException">It cannot be, or was not asked for.</exception>
    public bool TryDeliver(ReceivedMessage message)
    {
        switch (message.Stream)
        {
            case MessageStream.Control:
                return TryDeliver((ControlMessage)message.Body!);
            case MessageStream.Clipboard:
                Clipboard.Deliver(message.Payload.Span);
                return true;
            case MessageStream.Chat:
                Chat.Deliver((ChatMessage)message.Body!);
                return true;
            case MessageStream.Files:
                Files.Deliver(message.Payload.Span);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The computer refused something that has no answer of its own.</summary>
    public void Refuse(Operations operation, AccessRefusedException refusal)
    {
        if (operation == Operations.Clipboard) Clipboard.Refuse(refusal);
        if (operation == Operations.Chat) Chat.Refuse(refusal);
    }

    /// <summary>Nobody answers any more.</summary>
    public void Close(Exception reason)
    {
        StoredPassword.Close(reason);
        Clipboard.Close(reason);
        Chat.Close(reason);
        Power.Close(reason);
        Files.Close(reason);
        recording.Close(reason);
        SystemInfo.Close(reason);
        Commands.Close(reason);
    }

    private bool TryDeliver(ControlMessage message)
    {
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.ClipboardAnswer:
                Clipboard.Deliver(message.ClipboardAnswer);
                return true;
            case ControlMessage.KindOneofCase.ChatAnswer:
                Chat.Deliver(message.ChatAnswer);
                return true;
            case ControlMessage.KindOneofCase.RestartAnswer:
                Power.Deliver(message.RestartAnswer);
                return true;
            case ControlMessage.KindOneofCase.FileOpened:
                Files.Deliver(message.FileOpened);
                return true;
            case ControlMessage.KindOneofCase.FileDone:
                Files.Deliver(message.FileDone);
                return true;
            case ControlMessage.KindOneofCase.RecordingAnswer:
                recording.Deliver(message.RecordingAnswer);
                return true;
            case ControlMessage.KindOneofCase.RecordingOver:
                recording.Deliver(message.RecordingOver);
                return true;
            case ControlMessage.KindOneofCase.SystemInfoAnswer:
                SystemInfo.Deliver(message.SystemInfoAnswer);
                return true;
            case ControlMessage.KindOneofCase.CommandStarted:
                Commands.Deliver(message.CommandStarted);
                return true;
            case ControlMessage.KindOneofCase.CommandChunk:
                Commands.Deliver(message.CommandChunk);
                return true;
            case ControlMessage.KindOneofCase.CommandOver:
                Commands.Deliver(message.CommandOver);
                return true;
            case ControlMessage.KindOneofCase.FillOffer:
                StoredPassword.Deliver(message.FillOffer);
                return true;
            case ControlMessage.KindOneofCase.FillAnswer:
                StoredPassword.Deliver(message.FillAnswer);
                return true;
            default:
                return false;
        }
    }
}
