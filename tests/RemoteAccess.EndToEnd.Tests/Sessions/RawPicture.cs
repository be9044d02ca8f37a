using System.Buffers;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Frames of a picture of 8×8 pixels of one colour, as an agent of ill will might send them: well formed but for what the test alters.</summary>
internal sealed class RawPicture : ScreenFrame
{
    private static readonly PixelSize OneBlock = new(8, 8);

    private readonly byte[] pixels = new byte[8 * 8 * 4];

    private RawPicture(byte colour)
    {
        for (int i = 0; i < pixels.Length; i += 4) pixels.AsSpan(i, 3).Fill(colour);
    }

    public override PixelSize Size => OneBlock;
    public override int Stride => 8 * 4;
    public override ReadOnlySpan<byte> Pixels => pixels;
    public override ReadOnlySpan<PixelRect> Damage => default;
    public override ScreenLayout Layout { get; } = new(OneBlock, [new MonitorArea("raw", new PixelRect(0, 0, 8, 8), true)]);
    public override CursorState Cursor => default;
    public override long CapturedAt => 0;

    /// <summary>The first frame of an epoch, or one that follows it; <paramref name="tileRows"/> other than 0 makes it one part of several.</summary>
    public static byte[] Frame(uint sequence, uint epoch = 1, bool isNewEpoch = false, byte colour = 0x40, int tileRows = 0, bool isLast = true)
    {
        using var encoder = new PictureEncoder();
        byte[] first = Encode(encoder, new RawPicture(colour), sequence, epoch, isNewEpoch: true);
        byte[] message = isNewEpoch ? first : Encode(encoder, new RawPicture((byte)~colour), sequence, epoch, isNewEpoch: false);
        if (isLast && tileRows == 0) return message;

        Assert.True(PictureHeader.TryRead(message, out PictureHeader header, out int length));
        byte[] altered = new byte[PictureHeader.MaxLength + message.Length];
        int written = (header with { TileRows = Math.Max(1, tileRows), IsLastPart = isLast, IsFirstPart = isLast && tileRows == 0 }).Write(altered);
        message.AsSpan(length).CopyTo(altered.AsSpan(written));
        return altered[..(written + message.Length - length)];
    }

    protected override void GiveBack() { }

    private static byte[] Encode(PictureEncoder encoder, RawPicture frame, uint sequence, uint epoch, bool isNewEpoch)
    {
        var classes = new BlockClasses();
        var tiles = new TileMap();
        classes.Reset(OneBlock);
        tiles.Reset(OneBlock);
        classes.Row(0)[0] = BlockClass.Context;
        tiles.Kinds[0] = TileKind.Text;
        encoder.Begin(frame, classes, tiles, default, new PictureHeader
        {
            Epoch = epoch,
            Sequence = sequence,
            IsFirstPart = true,
            IsLastPart = true,
            IsNewEpoch = isNewEpoch,
            CapturedAtMicroseconds = 1,
            Size = OneBlock,
        });
        var message = new ArrayBufferWriter<byte>();
        Assert.True(encoder.TryEncodeNext(message));
        return message.WrittenSpan.ToArray();
    }
}
