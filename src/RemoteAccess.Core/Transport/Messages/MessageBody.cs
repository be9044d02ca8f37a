using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Transport;

/// <summary>The protobuf messages of the small streams: parsing, and the limits the schema states in words. Pure.</summary>
internal static class MessageBody
{
    /// <summary>The most UTF-8 bytes of a chat line or of a typed text.</summary>
    public const int MaxTextBytes = 4096;

    /// <summary>The largest cursor image, in pixels each way.</summary>
    public const int MaxCursorSide = 512;

    /// <summary>Parses and checks the message of a stream; null on a stream that carries none.</summary>
    /// <exception cref="ChannelException">Not the stream's message, or beyond its limits.</exception>
    public static IMessage? Parse(MessageStream stream, ReadOnlySpan<byte> payload)
    {
        try
        {
            IMessage? body = stream switch
            {
                MessageStream.Control => Parse(ControlMessage.Parser, ControlMessage.Descriptor, payload),
                MessageStream.Input => Parse(InputMessage.Parser, InputMessage.Descriptor, payload),
                MessageStream.Chat => Parse(ChatMessage.Parser, ChatMessage.Descriptor, payload),
                MessageStream.Cursor => Parse(CursorMessage.Parser, CursorMessage.Descriptor, payload),
                _ => null,
            };
            Check(body);
            return body;
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new ChannelException(ChannelError.Malformed, $"A message on stream {stream} cannot be read.", failure);
        }
    }

    /// <summary>True for a message whose kind this version does not know.</summary>
    public static bool IsUnknownKind(IMessage? body) => body switch
    {
        ControlMessage control => control.KindCase == ControlMessage.KindOneofCase.None,
        InputMessage input => input.KindCase == InputMessage.KindOneofCase.None,
        CursorMessage cursor => cursor.KindCase == CursorMessage.KindOneofCase.None,
        _ => false,
    };

    /// <exception cref="ChannelException">Beyond the limits the schema states.</exception>
    public static void Check(IMessage? body)
    {
        switch (body)
        {
            case ChatMessage chat:
                CheckText(chat.Text);
                break;
            case InputMessage { KindCase: InputMessage.KindOneofCase.Text } input:
                CheckText(input.Text.Text_);
                break;
            case CursorMessage { KindCase: CursorMessage.KindOneofCase.Image } cursor:
                CheckCursor(cursor.Image);
                break;
        }
    }

    private static T Parse<T>(MessageParser<T> parser, MessageDescriptor type, ReadOnlySpan<byte> payload)
        where T : IMessage<T> =>
        WireShape.IsSound(payload, type) ? parser.ParseFrom(payload) : throw new ChannelException(ChannelError.Malformed, $"A {type.Name} cannot be read: a length in it is wrong.");

    private static void CheckText(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxTextBytes) throw new ChannelException(ChannelError.LimitExceeded, $"A text is longer than {MaxTextBytes} bytes.");
    }

    private static void CheckCursor(CursorImage image)
    {
        if (image.Width > MaxCursorSide || image.Height > MaxCursorSide) throw new ChannelException(ChannelError.LimitExceeded, $"A cursor image is larger than {MaxCursorSide} pixels.");
        if (image.Width == 0 || image.Height == 0 || image.HotX >= image.Width || image.HotY >= image.Height || image.PremultipliedBgra.Length != image.Width * image.Height * 4)
        {
            throw new ChannelException(ChannelError.Malformed, "A cursor image does not fit its size.");
        }
    }
}
