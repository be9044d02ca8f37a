namespace RemoteAccess.Picture;

/// <summary>Codes pixels of text and user interface without loss: docs/picture-context-coder.md. Allocates nothing.</summary>
internal static class ContextEncoder
{
    /// <summary>
    /// Codes row[start..end), pixels of 0x00RRGGBB. <paramref name="north2"/>, <paramref name="north"/> and <paramref name="row"/> hold the same
    /// columns of three rows, with at least <see cref="ContextRow.Left"/> pixels before start and <see cref="ContextRow.Right"/> after end. The
    /// decoder must hold the same ones there and in the rows above from start - 3 to end + 1; in row itself, what follows end is not read.
    /// </summary>
    public static void EncodeRow(RangeEncoder coder, ContextModel model, ReadOnlySpan<uint> north2, ReadOnlySpan<uint> north, ReadOnlySpan<uint> row, int start, int end)
    {
        ContextRow.Demand(north2, north, row, start, end);
        new ContextRow<EncodedBits>(new EncodedBits(coder), model, north2, north, row).Code(start, end);
    }
}
