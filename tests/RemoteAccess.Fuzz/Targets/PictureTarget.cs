using System.Buffers;
using System.Buffers.Binary;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>
/// The picture decoder, fed a whole stream of messages (each u16 length, bytes) from an epoch's beginning. The seeds are real frames with every
/// kind of block, tile and section; mutation knows lengths and headers, so that what it changes is mostly the coded payload.
/// </summary>
internal sealed class PictureTarget : FuzzTarget
{
    private const long MaxPixels = 256 * 256;

    private readonly PictureDecoder decoder = new(maxCacheBits: 4);
    private readonly Framebuffer picture = new();
    private uint epochs;

    public PictureTarget() => decoder.Offer(new VideoDecoding("stand-in", static size => new StandIn(size)));

    public override string Name => "picture";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Enumerable.Range(0, 7).Select(PictureSeeds.Stream)];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(input.Length);
        input.CopyTo(copy);
        Span<byte> rest = copy.AsSpan(0, input.Length);
        byte[] altered = ArrayPool<byte>.Shared.Rent(PictureHeader.MaxLength + input.Length);
        uint epoch = ++epochs, sequence = epochs * 1000;
        int frames = 0;
        try
        {
            while (rest.Length >= 2)
            {
                int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Length - 2);
                Span<byte> message = rest.Slice(2, length);
                rest = rest[(2 + length)..];
                if (!PictureHeader.TryRead(message, out PictureHeader header, out int headerLength)) { Reached(1); return; }
                if (header.IsNewEpoch && header.Size.Area > MaxPixels) return;
                // One decoder for all inputs: a viewer's buffers are made once too. Each input is an epoch of its own.
                if (header.IsFirstPart) sequence++;
                int written = (header with { Epoch = header.Epoch == 1 ? epoch : header.Epoch, Sequence = sequence }).Write(altered);
                message[headerLength..].CopyTo(altered.AsSpan(written));
                if (frames == 0 && !header.IsNewEpoch) { Reached(2); return; }
                header = decoder.Decode(altered.AsSpan(0, written + message.Length - headerLength), picture);
                picture.ClearDamage();
                frames++;
                Reached(3 + Math.Min(frames, 12));
            }
        }
        catch (ChannelException refused) when (refused.Error == ChannelError.Malformed)
        {
            Reached(20 + refused.Message.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
            ArrayPool<byte>.Shared.Return(altered);
        }

        if (picture.Pixels.Length != picture.Size.Area * 4) throw new InvalidDataException("The picture has lost its shape.");
    }

    /// <summary>A video decoder that shows the unit's bytes again and again, and refuses an empty one.</summary>
    private sealed class StandIn(PixelSize size) : IVideoDecoder
    {
        public void Decode(ReadOnlySpan<byte> unit, Span<byte> pixels)
        {
            if (pixels.Length != size.Width * size.Height * 4) throw new InvalidOperationException("Not as many pixels as the area has.");
            for (int i = 0; i < pixels.Length; i++) pixels[i] = i % 4 == 3 ? (byte)0 : unit[i % unit.Length];
        }

        public void Dispose() { }
    }

    /// <summary>Changes payload bytes of one message, leaving lengths and headers as they are.</summary>
    public override bool MutateStructure(Random random, ref byte[] input)
    {
        List<(int Start, int Length)> messages = [];
        for (int at = 0; at + 2 <= input.Length;)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(at)), input.Length - at - 2);
            messages.Add((at + 2, length));
            at += 2 + length;
        }

        if (messages.Count == 0) return false;
        (int start, int size) = messages[random.Next(messages.Count)];
        if (!PictureHeader.TryRead(input.AsSpan(start, size), out _, out int head) || size < head + 8) return false;
        input = [.. input];
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++) input[start + head + random.Next(size - head)] = (byte)random.Next(256);
        return true;
    }
}
