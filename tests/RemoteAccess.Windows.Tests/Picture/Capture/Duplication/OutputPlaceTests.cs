using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class OutputPlaceTests
{
    /// <summary>What the person sees at each rotation, of a texture whose pixels are numbered row by row.</summary>
    [Theory]
    [InlineData(1, new uint[] { 0, 1, 2, 3, 4, 5 }, 3)]
    [InlineData(2, new uint[] { 3, 0, 4, 1, 5, 2 }, 2)]
    [InlineData(3, new uint[] { 5, 4, 3, 2, 1, 0 }, 3)]
    [InlineData(4, new uint[] { 2, 5, 1, 4, 0, 3 }, 2)]
    public void Copy_OfATurnedOutput_IsUpright(int turned, uint[] expected, int width)
    {
        OutputRotation rotation = (OutputRotation)turned;
        OutputPlace place = new(new PixelRect(1, 2, width, 6 / width), rotation);
        using FakePicture texture = new(new PixelSize(3, 2));
        for (int i = 0; i < 6; i++) texture.Pixels[i] = (uint)i | 0xff000000;
        const int FrameWidth = 8;
        uint[] frame = new uint[FrameWidth * 8];

        place.Copy(texture.View, new PixelRect(0, 0, FrameWidth, 8), frame, FrameWidth);

        Assert.Equal(new PixelSize(3, 2), place.Texture);
        Assert.Equal(expected, Enumerable.Range(0, 6).Select(i => frame[((2 + (i / width)) * FrameWidth) + 1 + (i % width)]));
        Assert.Equal(5, frame.Count(pixel => pixel != 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ToFrame_OfEachRectangle_HoldsExactlyItsPixels(int turned)
    {
        OutputRotation rotation = (OutputRotation)turned;
        PixelSize texture = new(7, 5);
        bool isUpright = rotation is OutputRotation.None or OutputRotation.Half;
        OutputPlace place = new(isUpright ? new PixelRect(2, 3, 7, 5) : new PixelRect(2, 3, 5, 7), rotation);
        Random random = new(1);
        for (int attempt = 0; attempt < 100; attempt++)
        {
            int x = random.Next(7), y = random.Next(5);
            PixelRect changed = new(x, y, random.Next(1, 8 - x), random.Next(1, 6 - y));
            using FakePicture picture = new(texture);
            for (int row = changed.Y; row < changed.Bottom; row++) picture.Pixels.AsSpan((row * 7) + changed.X, changed.Width).Fill(1);
            uint[] frame = new uint[12 * 12];
            place.Copy(picture.View, place.Area, frame, 12);

            PixelRect area = place.ToFrame(changed);

            int inside = 0;
            for (int row = area.Y; row < area.Bottom; row++) inside += frame.AsSpan((row * 12) + area.X, area.Width).Count(1u);
            Assert.Equal(changed.Area, area.Area);
            Assert.Equal(changed.Area, inside);
        }
    }
}
