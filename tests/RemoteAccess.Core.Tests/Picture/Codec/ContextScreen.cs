using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// A picture of 0x00RRGGBB with the margins the context coder asks for, coded as a codec does: the runs of damaged 8×8 blocks of one row
/// after the other. Agent's and viewer's side are two of these.
/// </summary>
internal sealed class ContextScreen
{
    private const int Margin = 16;
    private readonly uint[] pixels;
    private readonly int stride;

    public ContextScreen(int width, int height)
    {
        (Width, Height, stride) = (width, height, width + 2 * Margin);
        pixels = new uint[stride * (height + 2)];
    }

    public int Width { get; }

    public int Height { get; }

    public Span<uint> this[int y] => pixels.AsSpan((y + 2) * stride + Margin, Width);

    public bool ShowsTheSameAs(ContextScreen other) => pixels.AsSpan().SequenceEqual(other.pixels);

    public void Encode(RangeEncoder coder, ContextModel model, Func<int, int, bool> damaged)
    {
        foreach ((int y, int start, int end) in Runs(damaged)) EncodeRow(coder, model, y, start, end);
    }

    public void Decode(RangeDecoder coder, ContextModel model, Func<int, int, bool> damaged)
    {
        foreach ((int y, int start, int end) in Runs(damaged)) DecodeRow(coder, model, y, start, end);
    }

    public void EncodeRow(RangeEncoder coder, ContextModel model, int y, int start, int end) =>
        ContextEncoder.EncodeRow(coder, model, Row(y - 2), Row(y - 1), Row(y), Margin + start, Margin + end);

    public void DecodeRow(RangeDecoder coder, ContextModel model, int y, int start, int end) =>
        ContextDecoder.DecodeRow(coder, model, Row(y - 2), Row(y - 1), Row(y), Margin + start, Margin + end);

    /// <summary>Whatever this paints must not change a bit: the pixels to the right of all damage and past the second.</summary>
    public void ScribbleMargins(Random random)
    {
        for (int y = 0; y < Height; y++)
            for (int x = Width + 2; x < Width + Margin; x++) Row(y)[Margin + x] = (uint)random.Next(1 << 24);
    }

    private Span<uint> Row(int y) => pixels.AsSpan((y + 2) * stride, stride);

    private IEnumerable<(int Y, int Start, int End)> Runs(Func<int, int, bool> damaged)
    {
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width;)
            {
                int start = x;
                while (x < Width && damaged(x / 8, y / 8)) x = Math.Min(x + 8, Width);
                if (x > start) yield return (y, start, x);
                else x += 8;
            }
        }
    }
}
