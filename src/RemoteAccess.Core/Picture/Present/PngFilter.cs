namespace RemoteAccess.Picture;

/// <summary>PNG's row filters (ISO/IEC 15948, 9.2), as far as pictures of screens gain by them.</summary>
internal static class PngFilter
{
    private const byte None = 0, Sub = 1, Up = 2;

    /// <summary>Writes the filter's number and the filtered row; the filter is the one that leaves the least behind.</summary>
    public static void Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> filtered, int pixel)
    {
        long sub = 0, up = 0, none = 0;
        for (int i = 0; i < row.Length; i++)
        {
            none += Math.Abs((int)(sbyte)row[i]);
            up += Math.Abs((int)(sbyte)(row[i] - above[i]));
            sub += Math.Abs((int)(sbyte)(i < pixel ? row[i] : row[i] - row[i - pixel]));
        }

        filtered[0] = up <= sub && up <= none ? Up : sub <= none ? Sub : None;
        Span<byte> rest = filtered[1..];
        switch (filtered[0])
        {
            case Up:
                for (int i = 0; i < row.Length; i++) rest[i] = (byte)(row[i] - above[i]);
                break;
            case Sub:
                row[..pixel].CopyTo(rest);
                for (int i = pixel; i < row.Length; i++) rest[i] = (byte)(row[i] - row[i - pixel]);
                break;
            default:
                row.CopyTo(rest);
                break;
        }
    }
}
