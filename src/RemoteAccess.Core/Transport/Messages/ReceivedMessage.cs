using Google.Protobuf;

namespace RemoteAccess.Transport;

/// <summary>
/// What <see cref="MessageChannel.ReceiveAsync"/> gives. On control, input, chat and cursor <see cref="Body"/> is the parsed message; on the
/// other streams <see cref="Payload"/> is all there is. The default value is the end.
/// </summary>
internal readonly record struct ReceivedMessage
{
    private readonly bool isMessage;

    public ReceivedMessage(MessageStream stream, ReadOnlyMemory<byte> payload, IMessage? body, bool isUnknownKind)
    {
        isMessage = true;
        Stream = stream;
        Payload = payload;
        Body = body;
        IsUnknownKind = isUnknownKind;
    }

    /// <summary>The peer said the authenticated close; nothing comes after it.</summary>
    public bool IsEnd => !isMessage;

    public MessageStream Stream { get; }

    /// <summary>The message's bytes, lent until the next receive.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>A <see cref="Wire.ControlMessage"/>, <see cref="Wire.InputMessage"/>, <see cref="Wire.ChatMessage"/> or
    /// <see cref="Wire.CursorMessage"/> within its limits; null on the other streams and for an unknown kind. An acknowledgement of a picture is lent until the next receive.</summary>
    public IMessage? Body { get; }

    /// <summary>Well formed, but of a kind this version does not know. It has been logged; the session refuses it and goes on.</summary>
    public bool IsUnknownKind { get; }
}
