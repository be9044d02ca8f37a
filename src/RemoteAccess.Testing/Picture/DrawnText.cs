using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Finds text in a picture of a <see cref="VirtualDesktop"/>, pixel by pixel: what a test asks of a picture that arrived. Thread-safe.</summary>
public static class DrawnText
{
    /// <summary>
    /// Looks for one line of text in the desktop's font, in one colour on whatever does not have that colour; bold and large text is not
    /// found. An exact picture holds it, a lossy one does not.
    /// </summary>
    /// <param name="bgrx">The picture: B, G, R, 0 for each pixel, top row first.</param>
    /// <param name="size">Pixels across and down.</param>
    /// <param name="stride">Bytes from one row to the next, a multiple of four.</param>
    /// <param name="text">One line, with at least one character that is not blank.</param>
    /// <param name="area">The first place it stands at, from the top; empty when it is nowhere.</param>
    public static bool TryFind(ReadOnlySpan<byte> bgrx, PixelSize size, int stride, string text, out PixelRect area)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        if (stride % sizeof(uint) != 0) throw new ArgumentException("The stride is a multiple of four bytes.", nameof(stride));
        var wanted = new PixelCanvas(new PixelSize(BitmapFont.Measure(text), Glyph.CellHeight));
        BitmapFont.Draw(wanted, 0, 0, text, Palette.White);
        int first = wanted.Pixels.IndexOf(Palette.White);
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(bgrx);
        for (int y = 0; y <= size.Height - wanted.Size.Height; y++)
        {
            for (int x = 0; x <= size.Width - wanted.Size.Width; x++)
            {
                if (!Stands(wanted, first, pixels[(y * (stride / sizeof(uint)) + x)..], stride / sizeof(uint))) continue;
                area = new PixelRect(x, y, wanted.Size.Width, wanted.Size.Height);
                return true;
            }
        }

        area = default;
        return false;
    }

    private static bool Stands(PixelCanvas wanted, int first, ReadOnlySpan<uint> pixels, int rowLength)
    {
        int width = wanted.Size.Width, firstRow = first / width;
        uint ink = pixels[firstRow * rowLength + first % width];
        for (int row = firstRow; row < wanted.Size.Height; row++)
        {
            ReadOnlySpan<uint> shape = wanted.Pixels.Slice(row * width, width), here = pixels.Slice(row * rowLength, width);
            for (int x = 0; x < width; x++)
            {
                if ((shape[x] != 0) != (here[x] == ink)) return false;
            }
        }

        return true;
    }
}
