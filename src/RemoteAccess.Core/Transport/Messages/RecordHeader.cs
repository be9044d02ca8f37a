namespace RemoteAccess.Transport;

/// <summary>The first four bytes of a record's content: u8 stream, u24 bytes of the message from here to its end (docs/messages.md, "Record").</summary>
internal readonly record struct RecordHeader(MessageStream Stream, int Remaining)
{
    public const int Length = 4;

    /// <summary>The most bytes of a message in one record.</summary>
    public const int MaxFragment = 16 * 1024;

    /// <summary>The longest message a header can announce.</summary>
    public const int MaxRemaining = (1 << 24) - 1;

    public void Write(Span<byte> record)
    {
        record[0] = (byte)Stream;
        record[1] = (byte)(Remaining >> 16);
        record[2] = (byte)(Remaining >> 8);
        record[3] = (byte)Remaining;
    }

    /// <summary>False when the content is no record of a known stream with a fragment that fits what it announces.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, out RecordHeader header)
    {
        header = default;
        if (content.Length < Length || content.Length > Length + MaxFragment || !StreamRule.IsStream(content[0])) return false;
        header = new RecordHeader((MessageStream)content[0], (content[1] << 16) | (content[2] << 8) | content[3]);
        int fragment = content.Length - Length;
        // An empty fragment is an empty message or the abandonment of one; anywhere else it would make no progress.
        return fragment <= header.Remaining && (fragment > 0 || header.Remaining == 0);
    }
}
