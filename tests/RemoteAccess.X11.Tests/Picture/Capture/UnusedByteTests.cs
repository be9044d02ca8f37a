using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class UnusedByteTests
{
    [Fact]
    public void Clear_AtAnyLengthAndPlace_ClearsTheFourthByteAndNothingElse()
    {
        Random random = new(11);
        for (int length = 0; length < 200; length++)
        {
            uint[] pixels = new uint[length];
            // Mostly clean, so that both the untouched and the written path are taken.
            for (int i = 0; i < length; i++) pixels[i] = (uint)random.Next(0x1000000) | (random.Next(20) == 0 ? (uint)random.Next(256) << 24 : 0);
            uint[] expected = Array.ConvertAll(pixels, pixel => pixel & 0xffffff);

            UnusedByte.Clear(pixels);

            Assert.Equal(expected, pixels);
        }
    }
}
