using System.Security.Cryptography;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public class RecordedFramesTests
{
    /// <summary>The hashes are of the program that cut the recordings, over B, G, R of every frame.</summary>
    [Theory]
    [InlineData("term", 640, 400, "ab2d7c2fb873158a0927089a8221518a63093493246148ac89abef88fed6c1e6")]
    [InlineData("report", 640, 400, "44ab98a7e0c0134213102d2264a353082be81e4c5c2b7b1597e835766e669c43")]
    [InlineData("web", 640, 400, "0b0a588ed130ed7c08559da8007096c8b18790a6c46047a3f657cbfd386239d5")]
    [InlineData("desktop", 640, 400, "7783dd6b847c06d0a3ddb25e0d133dec14d7f267d76191ea0fcad4c1f66659eb")]
    [InlineData("video", 384, 256, "d9dc5df63cff3c2e375a2ea41041cdea477ce53611ac021ae561eebd8dafecb3")]
    [InlineData("photo", 384, 256, "033a9f3afbfb53a6a4fc29adaaa88f7a02d12a1c2e1260245e6c6204a92fcb5b")]
    [InlineData("editor", 640, 400, "317b6a93b3dd90fb508d88d44c594bb737de09df4969318a9373744ce23def15")]
    public void Recording_IsRead_AsTheCutterWroteIt(string name, int width, int height, string expected)
    {
        var recorded = RecordedFrames.Open(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int count = 0;
        foreach (ScreenFrame frame in recorded.Read())
        {
            count++;
            hash.AppendData(WithoutFourthByte(frame.Pixels));
        }

        Assert.Equal((new PixelSize(width, height), 24, 24), (recorded.Size, recorded.Count, count));
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.Contains(name, RecordedFrames.Names);
    }

    [Fact]
    public void Recording_EveryFrame_ChangesInItsDamageOnlyAndLater()
    {
        foreach (string name in RecordedFrames.Names)
        {
            ScreenFrame? before = null;
            foreach (ScreenFrame frame in RecordedFrames.Open(name).Read())
            {
                if (before is not null)
                {
                    Assert.True(frame.CapturedAt > before.CapturedAt, $"{name}: time stands still");
                    Assert.NotEqual(0, frame.Damage.Length);
                    AssertSameOutside(name, before, frame);
                }

                before = frame;
            }
        }
    }

    /// <summary>Grey text on white has no colour; with subpixels left edges are reddish and right edges bluish, or the reverse.</summary>
    [Fact]
    public void Recording_Editor_HasTextWithColouredEdges()
    {
        ScreenFrame frame = RecordedFrames.Open("editor").Read().Last();
        int warm = 0, cold = 0;
        for (int i = 0; i < frame.Pixels.Length; i += 4)
        {
            (byte blue, byte green, byte red) = (frame.Pixels[i], frame.Pixels[i + 1], frame.Pixels[i + 2]);
            if (red > green && green > blue) warm++;
            if (blue > green && green > red) cold++;
        }

        Assert.True(warm > 5000 && cold > 5000, $"{warm} warm and {cold} cold pixels");
    }

    private static void AssertSameOutside(string name, ScreenFrame before, ScreenFrame after)
    {
        byte[] patched = before.Pixels.ToArray();
        foreach (PixelRect area in after.Damage)
        {
            bool differs = false;
            for (int y = area.Y; y < area.Bottom; y++)
            {
                int at = y * after.Stride + area.X * 4;
                ReadOnlySpan<byte> row = after.Pixels.Slice(at, area.Width * 4);
                differs |= !row.SequenceEqual(patched.AsSpan(at, row.Length));
                row.CopyTo(patched.AsSpan(at));
            }

            Assert.True(differs, $"{name}: {area} is damaged and unchanged");
        }

        Assert.True(after.Pixels.SequenceEqual(patched), $"{name}: something changed outside the damage");
    }

    private static byte[] WithoutFourthByte(ReadOnlySpan<byte> pixels)
    {
        byte[] packed = new byte[pixels.Length / 4 * 3];
        for (int i = 0; i < pixels.Length / 4; i++) pixels.Slice(i * 4, 3).CopyTo(packed.AsSpan(i * 3));
        return packed;
    }
}
