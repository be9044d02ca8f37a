namespace RemoteAccess.Transport;

/// <summary>
/// The extension block of a greeting: u16 length, then type u16, length u16, data, types strictly ascending. This version defines no
/// type; unknown ones are ignored but are part of the transcript.
/// </summary>
internal static class HelloExtensions
{
    /// <summary>Takes the block off the end of a greeting; false when it is malformed or something follows it.</summary>
    public static bool TryReadBlock(scoped ref BodyReader greeting, out ReadOnlySpan<byte> block)
    {
        if (!greeting.TryVector16(out block) || !greeting.IsAtEnd) return false;
        var reader = new BodyReader(block);
        int previous = -1;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryU16(out ushort type) || type <= previous || !reader.TryVector16(out _)) return false;
            previous = type;
        }

        return true;
    }

    /// <summary>True when every type in <paramref name="answered"/> is among <paramref name="offered"/>; both are well-formed blocks.</summary>
    public static bool IsSubset(ReadOnlySpan<byte> answered, ReadOnlySpan<byte> offered)
    {
        var reader = new BodyReader(answered);
        while (reader.TryU16(out ushort type) && reader.TryVector16(out _))
        {
            if (!Contains(offered, type)) return false;
        }

        return true;
    }

    private static bool Contains(ReadOnlySpan<byte> block, ushort wanted)
    {
        var reader = new BodyReader(block);
        while (reader.TryU16(out ushort type) && reader.TryVector16(out _))
        {
            if (type == wanted) return true;
        }

        return false;
    }
}
