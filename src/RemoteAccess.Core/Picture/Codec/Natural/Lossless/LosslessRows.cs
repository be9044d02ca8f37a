namespace RemoteAccess.Picture;

/// <summary>
/// The row being coded and the one above it, by component (green, red − green, blue − green, the latter two plus 128, modulo 256), and the magnitudes
/// of their residuals. Columns of blocks that are not coded keep what they had in the row above.
/// </summary>
internal sealed class LosslessRows
{
    public const int Components = 3;

    /// <summary>Index of the first pixel: there is one in front of it, and vectors may reach past the end.</summary>
    public const int Start = 16;

    private const int Length = Start + 64 + 16;

    private int width;

    public ushort[][] Current { get; private set; } = New();

    public ushort[][] Above { get; private set; } = New();

    public ushort[][] Magnitudes { get; private set; } = New();

    public ushort[][] MagnitudesAbove { get; private set; } = New();

    /// <summary>Before the first row, everything above is of one colour.</summary>
    public void Begin(uint colour, int widthPixels)
    {
        width = widthPixels;
        uint green = colour >> 8 & 255;
        ReadOnlySpan<uint> values = [green, ((colour >> 16) - green + 128) & 255, (colour - green + 128) & 255];
        for (int component = 0; component < Components; component++)
        {
            Above[component].AsSpan().Fill((ushort)values[component]);
            Current[component].AsSpan().Fill((ushort)values[component]);
            MagnitudesAbove[component].AsSpan().Clear();
            Magnitudes[component].AsSpan().Clear();
        }
    }

    /// <summary>What was the current row is the one above the next.</summary>
    public void Advance()
    {
        (Current, Above) = (Above, Current);
        (Magnitudes, MagnitudesAbove) = (MagnitudesAbove, Magnitudes);
        for (int component = 0; component < Components; component++)
        {
            Extend(Current[component], Above[component]);
            Extend(Magnitudes[component], MagnitudesAbove[component]);
        }
    }

    /// <summary>Gives the columns of a block that is not coded what they had above.</summary>
    public void Keep(int column)
    {
        for (int component = 0; component < Components; component++)
        {
            Above[component].AsSpan(Start + column * 8, 8).CopyTo(Current[component].AsSpan(Start + column * 8));
            MagnitudesAbove[component].AsSpan(Start + column * 8, 8).CopyTo(Magnitudes[component].AsSpan(Start + column * 8));
        }
    }

    /// <summary>To the left of the first pixel stands what is above it, to the right of the last one of the row above its last.</summary>
    private void Extend(ushort[] current, ushort[] above)
    {
        current[Start - 1] = above[Start];
        above[Start - 1] = above[Start];
        above[Start + width] = above[Start + width - 1];
    }

    private static ushort[][] New() => [new ushort[Length], new ushort[Length], new ushort[Length]];
}
