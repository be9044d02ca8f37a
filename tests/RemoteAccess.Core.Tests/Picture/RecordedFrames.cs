using System.Buffers.Binary;
using System.IO.Compression;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// Frames of real applications: the files of tests/vectors/picture/recorded, whose format benchmarks/peers/recorded_frames.py describes.
/// Each frame handed out is a picture of its own, with the changed tiles as its damage.
/// </summary>
internal sealed class RecordedFrames
{
    private const int HeaderBytes = 16;

    private readonly byte[] content;
    private readonly int tile;

    private RecordedFrames(byte[] content)
    {
        this.content = content;
        if (!content.AsSpan().StartsWith("RAFRAMES"u8)) throw new InvalidDataException("Not a file of recorded frames.");
        Size = new PixelSize(Word(8), Word(10));
        tile = Word(12);
        Count = Word(14);
    }

    /// <summary>Every recorded sequence, by name.</summary>
    public static IReadOnlyList<string> Names { get; } = ["term", "report", "web", "desktop", "video", "photo", "editor"];

    public PixelSize Size { get; }

    public int Count { get; }

    public static RecordedFrames Open(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "vectors", "picture", "recorded", $"{name}.frames"));
        using var unpack = new BrotliStream(file, CompressionMode.Decompress);
        using var content = new MemoryStream();
        unpack.CopyTo(content);
        return new RecordedFrames(content.ToArray());
    }

    public IEnumerable<ScreenFrame> Read()
    {
        byte[] canvas = new byte[Size.Width * Size.Height * 4];
        int across = (Size.Width + tile - 1) / tile, at = HeaderBytes;
        for (int frame = 0; frame < Count; frame++)
        {
            TimeSpan captured = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at)));
            var changed = new PixelRect[Word(at + 4)];
            int numbers = at + 6;
            at = numbers + 2 * changed.Length;
            for (int i = 0; i < changed.Length; i++)
            {
                int number = Word(numbers + 2 * i), x = number % across * tile, y = number / across * tile;
                changed[i] = new PixelRect(x, y, Math.Min(tile, Size.Width - x), Math.Min(tile, Size.Height - y));
                at = Paint(canvas, changed[i], at);
            }

            yield return new Recorded(Size, canvas.ToArray(), changed, captured);
        }

        if (at != content.Length) throw new InvalidDataException($"{content.Length - at} bytes follow the last frame.");
    }

    private int Paint(byte[] canvas, PixelRect area, int at)
    {
        for (int y = area.Y; y < area.Bottom; y++)
            for (int x = area.X; x < area.Right; x++, at += 3)
                content.AsSpan(at, 3).CopyTo(canvas.AsSpan((y * Size.Width + x) * 4));
        return at;
    }

    private int Word(int at) => BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(at));

    private sealed class Recorded(PixelSize size, byte[] pixels, PixelRect[] damage, TimeSpan captured) : ScreenFrame
    {
        public override PixelSize Size => size;
        public override int Stride => size.Width * 4;
        public override ReadOnlySpan<byte> Pixels => pixels;
        public override ReadOnlySpan<PixelRect> Damage => damage;
        public override ScreenLayout Layout { get; } = new(size, [new MonitorArea("recorded", new PixelRect(0, 0, size.Width, size.Height), true)]);
        public override CursorState Cursor => default;

        /// <summary>Since the first frame, in ticks of a clock of <see cref="TimeSpan.TicksPerSecond"/>, which is fake time's.</summary>
        public override long CapturedAt => captured.Ticks;

        protected override void GiveBack() { }
    }
}
