using System.Runtime.InteropServices;
using RemoteAccess.Picture;
using RemoteAccess.Tests;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// What moves on the screen: a page of text over all of it that is scrolled, or a recorded sequence in a window of 640×400 on it, from its start again and again, each time a little further on, so that no tile
/// comes back that the encoder has in its cache.
/// </summary>
internal sealed class ScreenContent
{
    public const string Scroll = "scroll";
    private const int LinesPerFrame = 16, Pages = 4;
    private static readonly PixelSize Whole = new(1920, 1080);
    private static readonly (int X, int Y) Window = (640, 320), Further = (5, 3);

    private readonly byte[] page = new byte[Whole.Width * 4 * Whole.Height * Pages];
    private readonly List<ScreenFrame> frames;
    private int shown;

    public ScreenContent(string name)
    {
        frames = name == Scroll ? [] : [.. RecordedFrames.Open(name).Read()];
        ScreenFrame text = RecordedFrames.Open("term").Read().First();
        for (int y = 0; y < Whole.Height * Pages; y++)
            for (int x = 0; x < Whole.Width; x += text.Size.Width)
            {
                Span<byte> row = page.AsSpan((y * Whole.Width + x) * 4, Math.Min(text.Size.Width, Whole.Width - x) * 4);
                text.Pixels.Slice(y % text.Size.Height * text.Stride, row.Length).CopyTo(row);
                // Each copy in colours of its own: what stands there twice says nothing of where it went.
                int copy = y / text.Size.Height * 3 + x / text.Size.Width;
                foreach (ref uint pixel in MemoryMarshal.Cast<byte, uint>(row)) pixel = (pixel ^ ((uint)copy * 0x0b070d)) & 0xffffff;
            }

        ShowPage(0);
    }

    /// <summary>What is on the screen, rows close together, the unused byte 0.</summary>
    public byte[] Picture { get; } = new byte[Whole.Width * 4 * Whole.Height];

    /// <summary>Draws the next frame into the picture.</summary>
    /// <returns>What changed.</returns>
    public PixelRect[] Advance()
    {
        shown++;
        if (frames.Count == 0)
        {
            ShowPage(shown * LinesPerFrame % (Whole.Height * (Pages - 1)));
            return [new PixelRect(0, 0, Whole.Width, Whole.Height)];
        }

        ScreenFrame frame = frames[(shown - 1) % frames.Count];
        int round = (shown - 1) / frames.Count % TileGrid.Side;
        (int left, int top) = (Window.X + round * Further.X, Window.Y + round * Further.Y);
        PixelRect[] changed = [.. frame.Damage];
        for (int i = 0; i < changed.Length; i++)
        {
            PixelRect area = changed[i];
            for (int y = area.Y; y < area.Bottom; y++)
            {
                Span<byte> row = Picture.AsSpan(((top + y) * Whole.Width + left + area.X) * 4, area.Width * 4);
                frame.Pixels.Slice(y * frame.Stride + area.X * 4, row.Length).CopyTo(row);
                foreach (ref uint pixel in MemoryMarshal.Cast<byte, uint>(row)) pixel &= 0xffffff;
            }

            changed[i] = new PixelRect(left + area.X, top + area.Y, area.Width, area.Height);
        }

        return changed;
    }

    private void ShowPage(int from) => page.AsSpan(from * Whole.Width * 4, Picture.Length).CopyTo(Picture);
}
