using System.Buffers.Binary;

namespace RemoteAccess.Fuzz;

/// <summary>What a scripted peer does next.</summary>
internal enum HandshakeStepKind : byte
{
    /// <summary>Bytes as they are.</summary>
    Raw,
    /// <summary>A clear frame with this message.</summary>
    Clear,
    /// <summary>A protected handshake record with this message.</summary>
    Protected,
    /// <summary>A protected record with this inside.</summary>
    Inside,
    /// <summary>A protected handshake record with this message, its last 64 bytes replaced by a right signature.</summary>
    Signed,
    /// <summary>The honest PakeReply or PakeFinish; the bytes are ignored.</summary>
    Honest,
}

internal sealed record HandshakeStep(HandshakeStepKind Kind, byte[] Bytes);

/// <summary>A script as bytes: kind u8, length u16, that many bytes, again and again. Whatever does not parse ends the script.</summary>
internal static class HandshakeSteps
{
    public static List<HandshakeStep> Parse(ReadOnlySpan<byte> input)
    {
        var steps = new List<HandshakeStep>();
        while (input.Length >= 3 && input[0] <= (byte)HandshakeStepKind.Honest)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input[1..]), input.Length - 3);
            steps.Add(new HandshakeStep((HandshakeStepKind)input[0], input.Slice(3, length).ToArray()));
            input = input[(3 + length)..];
        }

        return steps;
    }

    public static byte[] Write(IEnumerable<HandshakeStep> steps) =>
        [.. steps.SelectMany(step => (byte[])[(byte)step.Kind, (byte)(step.Bytes.Length >> 8), (byte)step.Bytes.Length, .. step.Bytes])];

    /// <summary>Repeats, drops, swaps or changes a step, or changes bytes inside one and keeps the script well-formed.</summary>
    public static bool Mutate(Random random, ref byte[] input)
    {
        List<HandshakeStep> steps = Parse(input);
        if (steps.Count == 0) return false;
        int at = random.Next(steps.Count);
        HandshakeStep step = steps[at];
        switch (random.Next(8))
        {
            case 0:
                steps.Insert(at, step);
                break;
            case 1:
                steps.RemoveAt(at);
                break;
            case 2:
                int other = random.Next(steps.Count);
                (steps[at], steps[other]) = (steps[other], step);
                break;
            case 3:
                steps[at] = step with { Kind = (HandshakeStepKind)random.Next(6) };
                break;
            default:
                steps[at] = step with { Bytes = Changed(random, step.Bytes) };
                break;
        }

        input = Write(steps);
        return true;
    }

    private static byte[] Changed(Random random, byte[] bytes)
    {
        if (bytes.Length == 0) return [(byte)random.Next(256)];
        int at = random.Next(bytes.Length);
        byte[] changed = [.. bytes];
        switch (random.Next(4))
        {
            case 0:
                changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
            case 1:
                changed[at] = (byte)random.Next(256);
                return changed;
            case 2:
                return Relength([.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)], random);
            default:
                return Relength([.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + 1)], random);
        }
    }

    /// <summary>Most of the time the message's own length is put right again, so that its body is looked at.</summary>
    private static byte[] Relength(byte[] message, Random random)
    {
        if (message.Length >= 4 && random.Next(4) != 0) BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length - 4));
        return message;
    }
}
