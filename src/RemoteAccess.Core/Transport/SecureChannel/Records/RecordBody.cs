namespace RemoteAccess.Transport;

/// <summary>The decrypted inside of a record: type, padding length, content, that many zero bytes (docs/protocol.md §5).</summary>
internal static class RecordBody
{
    /// <summary>Type and padding length.</summary>
    public const int Prefix = 2;
    public const int MaxPadding = 255;

    /// <summary>What a KeyUpdate says: 01, the only form there is.</summary>
    public static ReadOnlySpan<byte> KeyUpdate => [0x01];

    /// <summary>What a Close says: 01 "finished", 00 no further detail.</summary>
    public static ReadOnlySpan<byte> Close => [0x01, 0x00];

    /// <summary>Finds type and content; false for an unknown type, padding longer than the record, or padding that is not zero.</summary>
    public static bool TryRead(ReadOnlySpan<byte> inner, out RecordType type, out Range content)
    {
        (type, content) = (default, default);
        if (inner.Length < Prefix) return false;
        type = (RecordType)inner[0];
        if (type is not (RecordType.Close or RecordType.Handshake or RecordType.Application or RecordType.KeyUpdate)) return false;
        int end = inner.Length - inner[1];
        if (end < Prefix || inner[end..].ContainsAnyExcept((byte)0)) return false;
        content = Prefix..end;
        return true;
    }

    /// <summary>Padding that brings type, padding length and content to a multiple of <paramref name="padTo"/> bytes.</summary>
    public static int PaddingFor(int contentLength, int padTo)
    {
        int over = (Prefix + contentLength) % padTo;
        return over == 0 ? 0 : padTo - over;
    }
}
