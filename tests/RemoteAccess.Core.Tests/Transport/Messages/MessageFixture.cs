using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>Message channels without cryptography under them.</summary>
internal static class MessageFixture
{
    /// <summary>Both ends on the thread pool, over a memory link.</summary>
    public static (MessageChannel Host, MessageChannel Technician) Pair()
    {
        (MemoryLink one, MemoryLink other) = MemoryLink.CreatePair();
        return (Over(one, ChannelRole.Host), Over(other, ChannelRole.Technician));
    }

    /// <summary>Both ends on the test's thread.</summary>
    public static (MessageChannel Host, MessageChannel Technician) InlinePair()
    {
        (MemoryLink one, MemoryLink other) = MemoryLink.CreatePair(64 * 1024, PipeScheduler.Inline);
        return (Over(one, ChannelRole.Host, inline: true), Over(other, ChannelRole.Technician, inline: true));
    }

    public static MessageChannel Over(ILink link, ChannelRole role, bool inline = false) => new(new PlainRecords(link), role, NullLogger.Instance, inline);

    /// <summary>One end whose peer is the test.</summary>
    public static (MessageChannel Channel, ScriptedRecords Peer) Scripted(ChannelRole role, bool inline = true)
    {
        ScriptedRecords records = new();
        return (new MessageChannel(records, role, NullLogger.Instance, inline), records);
    }

    public static byte[] Record(MessageStream stream, int remaining, params byte[] fragment) => Record((byte)stream, remaining, fragment);

    public static byte[] Record(byte stream, int remaining, params byte[] fragment) =>
        [stream, (byte)(remaining >> 16), (byte)(remaining >> 8), (byte)remaining, .. fragment];

    public static byte[] Record(MessageStream stream, IMessage message) => Record(stream, message.CalculateSize(), message.ToByteArray());

    public static byte[] Grant(MessageStream stream, ulong bytes) =>
        Record(MessageStream.Control, new ControlMessage { Credit = new CreditGrant { Stream = (uint)stream, Bytes = bytes } });

    public static InputMessage Move(int x, int y) => new() { Move = new PointerMove { X = x, Y = y } };

    /// <summary>Receives until the end and hands each message to <paramref name="take"/>; the task is the loop.</summary>
    public static async Task ReceiveAllAsync(this MessageChannel channel, Action<ReceivedMessage> take)
    {
        while (true)
        {
            ReceivedMessage message = await channel.ReceiveAsync(CancellationToken.None).ConfigureAwait(false);
            if (message.IsEnd) return;
            take(message);
        }
    }
}
