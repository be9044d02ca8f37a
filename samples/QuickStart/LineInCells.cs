using RemoteAccess;

namespace QuickStart;

/// <summary>
/// Finds a typed line on a screen whose fonts nobody knows, where characters stand in cells of one width, as in a terminal: side by side
/// cells of which those with the same letter look the same, those with different letters differ, and those of blanks are of one colour.
/// A line with a dozen different letters stands nowhere else by chance. Proportional fonts are not found.
/// </summary>
internal static class LineInCells
{
    private const int MinCellWidth = 4;

    /// <param name="bgrx">The picture after the line was typed.</param>
    /// <param name="size">Pixels across and down.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="changed">Around the pixels that differ from before: the line, and a cursor perhaps.</param>
    /// <param name="line">What was typed.</param>
    /// <param name="area">Where it stands.</param>
    public static bool TryFind(ReadOnlySpan<byte> bgrx, PixelSize size, int stride, PixelRect changed, string line, out PixelRect area)
    {
        for (int width = Math.Max(MinCellWidth, changed.Width / (line.Length + 2)); width <= changed.Width / (line.Length - 2); width++)
        {
            int last = Math.Min(changed.X + width, size.Width - (line.Length * width));
            for (int left = Math.Max(0, changed.X - width); left <= last; left++)
            {
                area = new PixelRect(left, changed.Y, line.Length * width, changed.Height);
                if (Stands(bgrx[((changed.Y * stride) + (left * 4))..], stride, width, changed.Height, line)) return true;
            }
        }

        area = default;
        return false;
    }

    private static bool Stands(ReadOnlySpan<byte> from, int stride, int width, int height, string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == ' ' && !IsOneColour(from[(i * width * 4)..], stride, width, height)) return false;
            for (int j = 0; j < i; j++)
            {
                if (AreEqual(from, stride, width, height, i, j) != (line[i] == line[j])) return false;
            }
        }

        return true;
    }

    private static bool AreEqual(ReadOnlySpan<byte> from, int stride, int width, int height, int one, int other)
    {
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> pixels = from[(row * stride)..];
            if (!pixels.Slice(one * width * 4, width * 4).SequenceEqual(pixels.Slice(other * width * 4, width * 4))) return false;
        }

        return true;
    }

    private static bool IsOneColour(ReadOnlySpan<byte> cell, int stride, int width, int height)
    {
        ReadOnlySpan<byte> colour = cell[..4];
        for (int row = 0; row < height; row++)
        {
            for (int x = 0; x < width; x++)
            {
                if (!cell.Slice((row * stride) + (x * 4), 4).SequenceEqual(colour)) return false;
            }
        }

        return true;
    }
}
