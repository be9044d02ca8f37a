using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class SquareEvidenceTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(16, 16, 0)]
    [InlineData(17, 9, 4)]
    [InlineData(33, 50, 12)]
    [InlineData(128, 31, 0)]
    [InlineData(65, 49, 4)]
    public void Count_AnySizeAndDamage_CountsThePixelsWhoseNeighboursAllChanged(int width, int height, int slack)
    {
        var random = new Random(width * 7 + height);
        for (int round = 0; round < 20; round++)
        {
            var frame = new DrawnFrame(new PixelSize(width, height), slack);
            frame.Scribble(random, new PixelRect(0, 0, width, height));
            var changed = new BlockMap();
            changed.Reset(frame.Size);
            for (int row = 0; row < changed.Rows; row++)
            {
                for (int column = 0; column < changed.Columns; column++)
                {
                    if (random.Next(round % 4 + 1) > 0 || round < 4) changed.Set(column, row);
                }
            }

            for (int y = 0; y * 16 < height; y++)
            {
                for (int x = 0; x * 16 < width; x++)
                {
                    SquareEvidence expected = CountOneByOne(frame, changed, x, y);
                    Assert.Equal(expected, SquareEvidence.Count<PixelTestsScalar>(frame, changed, x, y));
                    Assert.Equal(expected, SquareEvidence.Count<PixelTests128>(frame, changed, x, y));
                    Assert.Equal(expected, SquareEvidence.Count<PixelTests256>(frame, changed, x, y));
                    Assert.Equal(expected, SquareEvidence.Count<PixelTests512>(frame, changed, x, y));
                }
            }
        }
    }

    /// <summary>Contrasts at and just over each limit: where all of a square counts, lines are looked for only where there can be some.</summary>
    [Theory]
    [InlineData(IPixelTests.Fringe / 2)]
    [InlineData(IPixelTests.Fringe / 2 + 1)]
    [InlineData(IPixelTests.Ridge + 1)]
    [InlineData(IPixelTests.Sharp + 1)]
    public void Count_WholeSquareOfLittleContrast_IsWhatItIsOneByOne(int contrast)
    {
        var random = new Random(contrast);
        var frame = new DrawnFrame(new PixelSize(65, 48), 12);
        var changed = new BlockMap();
        changed.Reset(frame.Size);
        changed.SetAll();
        bool hasLines = false;
        for (int round = 0; round < 100; round++)
        {
            byte[] colours = [100, (byte)(100 + contrast / 2), (byte)(100 + contrast)];
            for (int y = 0; y < frame.Size.Height; y++)
                for (int x = 0; x < frame.Size.Width * 4; x++) frame.Writable[y * frame.Stride + x] = x % 4 == 3 ? (byte)0 : colours[random.Next(round % 2 + 2)];
            for (int x = 1; x < 4; x++)
            {
                SquareEvidence expected = CountOneByOne(frame, changed, x, 1), counted = SquareEvidence.Count<PixelTestsScalar>(frame, changed, x, 1);
                Assert.Equal(SquareEvidence.Side * SquareEvidence.Side, expected.Pixels);
                Assert.Equal(expected, counted);
                Assert.Equal((expected.Pixels, expected.New, expected.Smooth), Colours(SquareEvidence.Count<PixelTestsScalar>(frame, changed, x, 1, lines: false)));
                hasLines |= expected.HasLines;
            }
        }

        Assert.Equal(contrast > IPixelTests.Fringe / 2, hasLines);

        static (int Pixels, int New, int Smooth) Colours(SquareEvidence evidence) => (evidence.Pixels, evidence.New, evidence.Smooth);
    }

    private static SquareEvidence CountOneByOne(DrawnFrame frame, BlockMap changed, int squareX, int squareY)
    {
        SquareEvidence evidence = default;
        for (int y = squareY * 16; y < squareY * 16 + 16; y++)
        {
            for (int x = squareX * 16; x < squareX * 16 + 16; x++)
            {
                if (!Changed(x, y) || !Changed(x - 1, y) || !Changed(x + 1, y) || !Changed(x, y - 1) || !Changed(x, y + 1)) continue;
                PixelMarks marks = default;
                PixelTestsScalar.TestPixel(ref MemoryMarshal.GetReference(frame.Writable[(y * frame.Stride + x * 4)..]), frame.Stride, 1, ref marks);
                evidence.Pixels++;
                evidence.New += (int)marks.New;
                evidence.Smooth += (int)marks.Smooth;
                evidence.Stroke += (int)marks.Stroke;
                evidence.Ridge += (int)marks.Ridge;
                evidence.Fringe += (int)marks.Fringe;
            }
        }

        return evidence;

        bool Changed(int x, int y) => x >= 0 && y >= 0 && x < frame.Size.Width && y < frame.Size.Height && changed[x / 8, y / 8];
    }
}
