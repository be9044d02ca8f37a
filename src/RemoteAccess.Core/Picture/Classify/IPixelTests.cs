using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>What was found about sixteen pixels of a row: one bit each, the first pixel's the lowest.</summary>
internal record struct PixelMarks
{
    /// <summary>Neither its left nor its upper neighbour has its colour.</summary>
    public uint New;

    /// <summary>New, and no channel is further than <see cref="IPixelTests.Smooth"/> from one of the two.</summary>
    public uint Smooth;

    /// <summary>One of the two has its colour and the other is further than <see cref="IPixelTests.Sharp"/>: the side of a stroke or a box.</summary>
    public uint Stroke;

    /// <summary>A channel lies more than <see cref="IPixelTests.Ridge"/> above both neighbours, or below both, across or along: a thin line or a dot.</summary>
    public uint Ridge;

    /// <summary>Red less blue differs from the left neighbour's by more than <see cref="IPixelTests.Fringe"/>: subpixel text and thin coloured lines.</summary>
    public uint Fringe;

    /// <summary>The marks of sixteen pixels.</summary>
    /// <param name="west">Equal to the left neighbour.</param>
    /// <param name="north">Equal to the upper neighbour.</param>
    /// <param name="smooth">Near to one of them.</param>
    /// <param name="sharpWest">Far from the left one.</param>
    /// <param name="sharpNorth">Far from the upper one.</param>
    /// <param name="ridge">Above or below two opposite neighbours.</param>
    /// <param name="fringe">Of another tint than the left one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PixelMarks Of(uint west, uint north, uint smooth, uint sharpWest, uint sharpNorth, uint ridge, uint fringe)
    {
        const uint All = (1u << IPixelTests.Pixels) - 1;
        uint isNew = ~(west | north) & All;
        return new PixelMarks
        {
            New = isNew,
            Smooth = isNew & smooth,
            Stroke = ((west & sharpNorth) | (north & sharpWest)) & All,
            Ridge = ridge & All,
            Fringe = fringe & All,
        };
    }
}

/// <summary>Looks at sixteen neighbouring pixels of a row and those around them. The paths differ in speed only.</summary>
internal interface IPixelTests
{
    const int Pixels = 16;
    const byte Smooth = 24;
    const byte Sharp = 40;
    const byte Ridge = 24;
    const int Fringe = 40;

    /// <summary>The marks of the pixels from <paramref name="row"/> on; one pixel before and one after them, and the rows above and below, are read too.</summary>
    static abstract PixelMarks Test(ref byte row, nint stride);
}

/// <summary>One pixel after the other; what the others are tested against.</summary>
internal readonly struct PixelTestsScalar : IPixelTests
{
    public static PixelMarks Test(ref byte row, nint stride)
    {
        PixelMarks marks = default;
        for (int x = 0; x < IPixelTests.Pixels; x++) TestPixel(ref Unsafe.Add(ref row, x * 4), stride, 1u << x, ref marks);
        return marks;
    }

    /// <summary>Sets <paramref name="bit"/> in the marks that hold for one pixel.</summary>
    public static void TestPixel(ref byte pixel, nint stride, uint bit, ref PixelMarks marks)
    {
        int toWest = 0, toNorth = 0, ridge = 0;
        for (int channel = 0; channel < 4; channel++)
        {
            ref byte at = ref Unsafe.Add(ref pixel, channel);
            int west = at - Unsafe.Subtract(ref at, 4), east = at - Unsafe.Add(ref at, 4);
            int north = at - Unsafe.Subtract(ref at, stride), south = at - Unsafe.Add(ref at, stride);
            toWest = Math.Max(toWest, Math.Abs(west));
            toNorth = Math.Max(toNorth, Math.Abs(north));
            ridge = Math.Max(ridge, Math.Max(Math.Max(Math.Min(west, east), Math.Min(-west, -east)), Math.Max(Math.Min(north, south), Math.Min(-north, -south))));
        }

        if (toWest != 0 && toNorth != 0)
        {
            marks.New |= bit;
            if (Math.Min(toWest, toNorth) <= IPixelTests.Smooth) marks.Smooth |= bit;
        }

        if (Math.Min(toWest, toNorth) == 0 && Math.Max(toWest, toNorth) > IPixelTests.Sharp) marks.Stroke |= bit;
        if (ridge > IPixelTests.Ridge) marks.Ridge |= bit;
        int redLessBlue = Unsafe.Add(ref pixel, 2) - pixel, before = Unsafe.Subtract(ref pixel, 2) - Unsafe.Subtract(ref pixel, 4);
        if (Math.Abs(redLessBlue - before) > IPixelTests.Fringe) marks.Fringe |= bit;
    }
}
