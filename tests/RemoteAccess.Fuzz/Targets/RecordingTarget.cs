using System.Buffers.Binary;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>A recording's records behind a header of the target's own: whatever they are, they play, are cut or are refused.</summary>
internal sealed class RecordingTarget : FuzzTarget
{
    private const long MaxPixels = 256 * 256;
    private static readonly byte[] Header = RecordingFormat.WriteHeader(new byte[16], new byte[32], new byte[16], DateTimeOffset.UnixEpoch);

    public override string Name => "recording";

    // A reader with a decoder of its own for each input, and frames put together from what it decodes: milliseconds.
    public override int Cost => 100;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Enumerable.Range(0, 6).Select(index => Records(PictureSeeds.Stream(index)))];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        // A picture as large as may be is 128 MiB, once; here it would be that in each run.
        for (int at = 0; at + 4 + RecordingFormat.RecordHead <= input.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(input[at..]);
            if (length > input.Length - at - 4 || length < RecordingFormat.RecordHead) break;
            if (PictureHeader.TryRead(input.Slice(at + 4 + RecordingFormat.RecordHead, (int)length - RecordingFormat.RecordHead), out PictureHeader header, out _) && header.Size.Area > MaxPixels) return;
            at += 4 + (int)length;
        }
        using var file = new MemoryStream([.. Header, .. input]);
        using var reader = new RecordingReader(file);
        int updates = 0;
        try
        {
            while (reader.TryRead()) updates++;
            Reached(1 + Math.Min(updates, 12));
        }
        catch (InvalidDataException refused)
        {
            Reached(20 + refused.Message.Length);
        }
        if (reader.TryRead()) throw new InvalidOperationException("It plays on behind its end.");
    }

    /// <summary>Changes a payload and leaves lengths, kinds and times as they are.</summary>
    public override bool MutateStructure(Random random, ref byte[] input)
    {
        List<(int Start, int Length)> records = [];
        for (int at = 0; at + 4 + RecordingFormat.RecordHead < input.Length;)
        {
            int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(input.AsSpan(at)), input.Length - at - 4);
            if (length > RecordingFormat.RecordHead) records.Add((at + 4 + RecordingFormat.RecordHead, length - RecordingFormat.RecordHead));
            at += 4 + length;
        }
        if (records.Count == 0) return false;
        (int start, int size) = records[random.Next(records.Count)];
        input = [.. input];
        input[start + random.Next(size)] = (byte)random.Next(256);
        return true;
    }

    private static byte[] Records(byte[] stream)
    {
        List<byte> records = [];
        for (int at = 0; at + 2 <= stream.Length;)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(stream.AsSpan(at)), stream.Length - at - 2);
            records.AddRange(RecordingFormat.WriteRecord(RecordKind.Picture, TimeSpan.FromMilliseconds(at), stream.AsSpan(at + 2, length)));
            at += 2 + length;
        }
        records.AddRange(RecordingFormat.WriteRecord(RecordKind.Cursor, TimeSpan.FromSeconds(100), [0x1A, 4, 8, 1, 16, 2]));
        records.AddRange(RecordingFormat.WriteRecord(RecordKind.Screen, TimeSpan.FromSeconds(100), [8, 64, 16, 64]));
        return [.. records];
    }
}
