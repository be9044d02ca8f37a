using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>Where two pictures of one size differ.</summary>
internal static class PictureDifference
{
    /// <summary>The smallest rectangle around all differing pixels; empty when there are none.</summary>
    public static PixelRect Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int width)
    {
        ReadOnlySpan<uint> first = MemoryMarshal.Cast<byte, uint>(before), second = MemoryMarshal.Cast<byte, uint>(after);
        Assert.Equal(first.Length, second.Length);
        PixelRect differing = default;
        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] != second[i]) differing = differing.Union(new PixelRect(i % width, i / width, 1, 1));
        }

        return differing;
    }
}
