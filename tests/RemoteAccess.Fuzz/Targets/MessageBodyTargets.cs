using Google.Protobuf;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>One stream's protobuf messages. What is accepted must survive being written and read again, unknown fields included.</summary>
internal abstract class MessageBodyTarget(MessageStream stream, IReadOnlyList<byte[]> seeds) : FuzzTarget
{
    public override string Name => $"message-{stream.ToString().ToLowerInvariant()}";

    public override IReadOnlyList<byte[]> Seeds => seeds;

    public override void Execute(ReadOnlySpan<byte> input)
    {
        IMessage? body;
        try
        {
            body = MessageBody.Parse(stream, input);
        }
        catch (ChannelException refused)
        {
            Reached((int)refused.Error);
            return;
        }
        Reached(100 + (body!.Descriptor.Oneofs.FirstOrDefault()?.Accessor.GetCaseFieldDescriptor(body)?.FieldNumber ?? 0));
        IMessage again = MessageBody.Parse(stream, body.ToByteArray()) ?? throw new InvalidOperationException("A message was not read again.");
        if (!again.ToByteArray().AsSpan().SequenceEqual(body.ToByteArray())) throw new InvalidOperationException("A message changed when it was written and read again.");
        if (MessageBody.IsUnknownKind(again) != MessageBody.IsUnknownKind(body)) throw new InvalidOperationException("A message changed its kind.");
    }
}

internal sealed class ControlMessageTarget() : MessageBodyTarget(MessageStream.Control, MessageSeeds.Control);

internal sealed class InputMessageTarget() : MessageBodyTarget(MessageStream.Input, MessageSeeds.Input);

internal sealed class ChatMessageTarget() : MessageBodyTarget(MessageStream.Chat, MessageSeeds.Chat);

internal sealed class CursorMessageTarget() : MessageBodyTarget(MessageStream.Cursor, MessageSeeds.Cursor);
