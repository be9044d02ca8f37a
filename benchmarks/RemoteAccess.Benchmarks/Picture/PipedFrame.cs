using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>A frame from standard input, in the format that benchmarks/peers/README.md describes; all of it is said to be damaged.</summary>
internal sealed class PipedFrame : ScreenFrame
{
    private readonly byte[] pixels;
    private readonly PixelRect[] damage;

    private PipedFrame(PixelSize size, long microseconds, byte[] pixels)
    {
        Size = size;
        Microseconds = microseconds;
        this.pixels = pixels;
        damage = [new PixelRect(0, 0, size.Width, size.Height)];
        Layout = new ScreenLayout(size, [new MonitorArea("recorded", damage[0], true)]);
    }

    /// <summary>When it was captured, since the first.</summary>
    public long Microseconds { get; }

    public override PixelSize Size { get; }

    public override int Stride => Size.Width * 4;

    public override ReadOnlySpan<byte> Pixels => pixels;

    public override ReadOnlySpan<PixelRect> Damage => damage;

    public override ScreenLayout Layout { get; }

    public override CursorState Cursor => default;

    public override long CapturedAt => Microseconds;

    public static IEnumerable<PipedFrame> ReadAll(Stream input)
    {
        string[] words = ReadLine(input).Split(' ');
        if (words is not ["frames", { } width, { } height, { } count]) throw new InvalidDataException("The input does not begin with 'frames WIDTH HEIGHT COUNT'.");
        var size = new PixelSize(int.Parse(width, CultureInfo.InvariantCulture), int.Parse(height, CultureInfo.InvariantCulture));
        byte[] time = new byte[8];
        for (int left = int.Parse(count, CultureInfo.InvariantCulture); left > 0; left--)
        {
            input.ReadExactly(time);
            byte[] pixels = GC.AllocateUninitializedArray<byte>(size.Width * size.Height * 4);
            input.ReadExactly(pixels);
            yield return new PipedFrame(size, BinaryPrimitives.ReadInt64LittleEndian(time), pixels);
        }
    }

    protected override void GiveBack() { }

    private static string ReadLine(Stream input)
    {
        var line = new StringBuilder();
        for (int next = input.ReadByte(); next is not ('\n' or -1) && line.Length < 100; next = input.ReadByte()) line.Append((char)next);
        return line.ToString();
    }
}
