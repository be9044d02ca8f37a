using System.Runtime.InteropServices;
using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class PointerPictureTests
{
    private const uint Black = 0xff000000, White = 0xffffffff;

    [Fact]
    public void Monochrome_TheFourCombinations_AreBlackWhiteNothingAndInverting()
    {
        // Eight pixels wide, pitch 2: AND over XOR. Pixels: black, white, nothing ×4, inverting, nothing.
        byte[] bytes = [0b00111111, 0, 0b01000010, 0];
        CursorShape shape = PointerPicture.Decode(new PointerShapeInfo { Kind = PointerPicture.Monochrome, Width = 8, Height = 2, Pitch = 2, HotSpot = new Point { X = 4, Y = 0 } }, bytes)!;

        Assert.Equal(new PixelSize(8, 1), shape.Size);
        Assert.Equal((4, 0), (shape.HotX, shape.HotY));
        Assert.Equal([Black, White, 0u, 0u, 0u, White, Black, White], Pixels(shape));
    }

    [Fact]
    public void Colour_WithAlpha_IsPremultiplied()
    {
        byte[] bytes = Bytes([0x80ff8000, 0xff123456, 0x00ffffff], 16);
        CursorShape shape = PointerPicture.Decode(new PointerShapeInfo { Kind = PointerPicture.Colour, Width = 3, Height = 1, Pitch = 16 }, bytes)!;

        Assert.Equal([0x80804000u, 0xff123456, 0u], Pixels(shape));
    }

    [Fact]
    public void MaskedColour_CoversWhereTheMaskIsClearAndInvertsWhereItIsSet()
    {
        byte[] bytes = Bytes([0x00aabbcc, 0xff000000, 0xff000000, 0xff00ff00], 16);
        CursorShape shape = PointerPicture.Decode(new PointerShapeInfo { Kind = PointerPicture.MaskedColour, Width = 4, Height = 1, Pitch = 16 }, bytes)!;

        Assert.Equal([0xffaabbccu, 0u, White, Black], Pixels(shape));
    }

    [Theory]
    [InlineData(PointerPicture.Colour, 4, 4, 16, 63)]
    [InlineData(PointerPicture.Colour, 4, 4, 15, 64)]
    [InlineData(PointerPicture.Monochrome, 9, 2, 1, 64)]
    [InlineData(PointerPicture.Colour, 0, 4, 16, 64)]
    [InlineData(PointerPicture.Colour, 100000, 100000, 400000, 64)]
    [InlineData(PointerPicture.Monochrome, 8, 1, 1, 64)]
    public void Decode_OfWhatIsNoPicture_IsNothing(int kind, int width, int height, int pitch, int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(0xff);
        Assert.Null(PointerPicture.Decode(new PointerShapeInfo { Kind = kind, Width = width, Height = height, Pitch = pitch }, bytes));
    }

    [Fact]
    public void Decode_OfAPictureNobodyCanSee_IsNoShape() =>
        Assert.Null(PointerPicture.Decode(new PointerShapeInfo { Kind = PointerPicture.Colour, Width = 4, Height = 4, Pitch = 16 }, new byte[64]));

    [Fact]
    public void Decode_OfALargePicture_IsCutTo512()
    {
        byte[] bytes = new byte[600 * 600 * 4];
        bytes.AsSpan().Fill(0xff);
        CursorShape shape = PointerPicture.Decode(new PointerShapeInfo { Kind = PointerPicture.Colour, Width = 600, Height = 600, Pitch = 2400, HotSpot = new Point { X = 599, Y = 1 } }, bytes)!;

        Assert.Equal(new PixelSize(512, 512), shape.Size);
        Assert.Equal((511, 1), (shape.HotX, shape.HotY));
    }

    private static byte[] Bytes(uint[] pixels, int pitch)
    {
        byte[] bytes = new byte[pitch];
        MemoryMarshal.AsBytes(pixels.AsSpan()).CopyTo(bytes);
        return bytes;
    }

    private static uint[] Pixels(CursorShape shape) => MemoryMarshal.Cast<byte, uint>(shape.Pixels.Span).ToArray();
}
