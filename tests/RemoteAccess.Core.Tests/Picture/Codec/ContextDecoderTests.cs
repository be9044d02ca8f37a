using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class ContextDecoderTests
{
    private const int Width = 72;
    private const int Height = 24;

    [Theory]
    [InlineData("text")]
    [InlineData("mixed")]
    [InlineData("noise")]
    public void DecodeRow_CutOrPadded_IsMalformed(string kind)
    {
        byte[] payload = Payload(kind);
        for (int length = 0; length < payload.Length; length += kind == "noise" ? 97 : 5)
        {
            // Without its last few bytes it may be what other last pixels are coded as.
            bool refused = IsRefused(payload[..length]);
            Assert.True(refused || length >= payload.Length - 8, $"{length} of {payload.Length}");
        }

        Assert.True(IsRefused([.. payload, 0]));
        Assert.True(IsRefused([.. payload, 1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.False(IsRefused(payload));
    }

    [Fact]
    public void DecodeRow_AnyBitsChanged_ThrowsTheDeclaredErrorOrEnds()
    {
        var random = new Random(11);
        byte[] payload = Payload("mixed");
        int refused = 0, tries = 0;
        for (int at = 0; at < payload.Length; at += 1 + random.Next(7))
        {
            byte[] changed = [.. payload];
            changed[at] ^= (byte)(1 << random.Next(8));
            tries++;
            if (IsRefused(changed)) refused++;
        }

        // What a change leads to is other pixels and hardly ever an end at the right place.
        Assert.InRange(refused, tries * 95 / 100, tries);
    }

    [Fact]
    public void DecodeRow_RandomBytes_ThrowsTheDeclaredErrorOrEnds()
    {
        var random = new Random(12);
        for (int i = 0; i < 60; i++)
        {
            var bytes = new byte[random.Next(600)];
            random.NextBytes(bytes);
            if (i % 3 == 0) bytes.AsSpan().Fill((byte)(i * 85));
            IsRefused(bytes);
        }
    }

    [Fact]
    public void DecodeRow_WhateverTheBytes_WritesNothingOutsideTheRun()
    {
        var random = new Random(13);
        var bytes = new byte[4000];
        random.NextBytes(bytes);
        var coder = new RangeDecoder();
        coder.Reset(bytes);
        var model = new ContextModel();
        uint[] row = [.. Enumerable.Repeat(0x777777u, 64)];
        var north = new uint[64];
        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() =>
        {
            for (int rows = 0; rows < 10_000; rows++) ContextDecoder.DecodeRow(coder, model, north, north, row, 11, 35);
        }).Error);
        Assert.Contains(row[11..35], static pixel => pixel != 0x777777);
        for (int x = 0; x < 64; x++) Assert.True(x is >= 11 and < 35 ? row[x] <= 0xFFFFFF : row[x] == 0x777777, $"{x}");
    }

    private static byte[] Payload(string kind)
    {
        var screen = new ContextScreen(Width, Height);
        ContextDrawing.Draw(screen, kind, new Random(14));
        var coder = new RangeEncoder();
        screen.Encode(coder, new ContextModel(), (_, _) => true);
        return coder.Finish().ToArray();
    }

    private static bool IsRefused(byte[] payload)
    {
        var screen = new ContextScreen(Width, Height);
        var coder = new RangeDecoder();
        try
        {
            coder.Reset(payload);
            screen.Decode(coder, new ContextModel(), (_, _) => true);
            coder.DemandEnd();
            return false;
        }
        catch (ChannelException e) when (e.Error == ChannelError.Malformed)
        {
            return true;
        }
    }
}
