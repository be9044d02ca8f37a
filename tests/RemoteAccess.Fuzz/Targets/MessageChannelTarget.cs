using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Fuzz;

/// <summary>
/// Records from a peer into a <see cref="MessageChannel"/>. Input: one byte for the role, then records as u16 length and content. Whatever
/// comes is a message within its stream's limit, the end, or a <see cref="ChannelException"/>.
/// </summary>
internal sealed class MessageChannelTarget : FuzzTarget
{
    public override string Name => "messages";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Input(ChannelRole.Technician,
            MessageSeeds.Record(MessageStream.Control, new ControlMessage { Ping = new Ping { Token = 7 } }),
            MessageSeeds.Record(MessageStream.Picture, 40, new byte[16]), MessageSeeds.Record(MessageStream.Chat, new ChatMessage { Text = "between" }),
            MessageSeeds.Record(MessageStream.Picture, 24, new byte[24])),
        Input(ChannelRole.Technician, MessageSeeds.Record(MessageStream.Picture, 70_000, new byte[16_384]), MessageSeeds.Record(MessageStream.Picture, 0, [])),
        Input(ChannelRole.Host,
            MessageSeeds.Record(MessageStream.Input, new InputMessage { Key = new Key { Keysym = 0xFF0D, Down = true } }),
            MessageSeeds.Record(MessageStream.Control, new ControlMessage { Credit = new CreditGrant { Stream = 5, Bytes = 1 << 20 } }),
            MessageSeeds.Record(MessageStream.Files, 3, [1, 2, 3]), MessageSeeds.Record(MessageStream.Clipboard, 0, [])),
    ];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        ChannelRole role = (input[0] & 1) == 0 ? ChannelRole.Technician : ChannelRole.Host;
        RecordScript records = new(input[1..].ToArray());
        MessageChannel channel = new(records, role, NullLogger.Instance, inline: true);
        try
        {
            while (true)
            {
                ReceivedMessage message = channel.ReceiveAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                if (message.IsEnd) break;
                StreamRule rule = StreamRule.Of(message.Stream);
                if (message.Payload.Length > rule.MaxMessage || !rule.MayReceive(role)) throw new InvalidOperationException("A message beyond its stream's rule was given out.");
                Reached(100 + (int)message.Stream + (message.IsUnknownKind ? 50 : 0));
                if (message.IsUnknownKind && message.Body is not null) throw new InvalidOperationException("An unknown kind was given out with a body.");
            }
        }
        catch (ChannelException refused)
        {
            Reached((int)refused.Error);
        }
        finally
        {
            channel.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Works on one record: another stream, a remaining length that fits or nearly fits, a copy of the record, or its removal.</summary>
    public override bool MutateStructure(Random random, ref byte[] input)
    {
        List<byte[]> records = [.. RecordScript.Split(input.AsMemory(Math.Min(1, input.Length))).Select(record => record.ToArray())];
        if (records.Count == 0) return false;
        int at = random.Next(records.Count);
        byte[] record = records[at];
        switch (random.Next(5))
        {
            case 0 when record.Length > 0:
                record[0] = (byte)random.Next(9);
                break;
            case 1 when record.Length >= RecordHeader.Length:
                int remaining = record.Length - RecordHeader.Length + random.Next(-1, 2) + (random.Next(3) == 0 ? random.Next(1 << 20) : 0);
                new RecordHeader((MessageStream)record[0], Math.Clamp(remaining, 0, RecordHeader.MaxRemaining)).Write(record);
                break;
            case 2:
                records.Insert(random.Next(records.Count + 1), [.. record]);
                break;
            case 3 when record.Length > RecordHeader.Length + 1:
                // Splits a message in two records that fit together.
                int cut = random.Next(RecordHeader.Length + 1, record.Length);
                byte[] rest = [.. record.AsSpan(0, RecordHeader.Length), .. record.AsSpan(cut)];
                int left = ((record[1] << 16) | (record[2] << 8) | record[3]) - (cut - RecordHeader.Length);
                new RecordHeader((MessageStream)record[0], Math.Clamp(left, 0, RecordHeader.MaxRemaining)).Write(rest);
                records[at] = record[..cut];
                records.Insert(at + 1, rest);
                break;
            default:
                records.RemoveAt(at);
                break;
        }
        input = Input((ChannelRole)(input[0] & 1), [.. records]);
        return true;
    }

    private static byte[] Input(ChannelRole role, params byte[][] records)
    {
        List<byte> input = [(byte)role];
        Span<byte> length = stackalloc byte[2];
        foreach (byte[] record in records)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Math.Min(record.Length, ushort.MaxValue));
            input.AddRange(length);
            input.AddRange(record.AsSpan(0, Math.Min(record.Length, ushort.MaxValue)));
        }
        return [.. input];
    }
}
