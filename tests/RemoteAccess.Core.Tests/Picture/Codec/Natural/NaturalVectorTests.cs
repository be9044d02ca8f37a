using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Tiles whose pixels another implementation computed from docs/picture-natural.md.</summary>
public sealed class NaturalVectorTests
{
    [Fact]
    public void Decode_TilesOfTheVectors_GivesThePixelsOfAnotherImplementation()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "natural_tiles.json")));
        int tiles = 0;
        foreach (JsonElement tile in vectors.RootElement.GetProperty("tiles").EnumerateArray())
        {
            Assert.Equal(tile.GetProperty("sha256").GetString(), Hash(tile, vectors: true));
            Assert.Equal(tile.GetProperty("sha256").GetString(), Hash(tile, vectors: false));
            tiles++;
        }

        Assert.InRange(tiles, 10, 100);
    }

    private static string Hash(JsonElement vector, bool vectors)
    {
        (int width, int height) = (vector.GetProperty("width").GetInt32(), vector.GetProperty("height").GetInt32());
        ulong coded = ulong.Parse(vector.GetProperty("coded").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        bool isLossy = vector.GetProperty("kind").GetString() == "lossy";
        uint[] tile = new uint[64 * 64];
        var bits = new BitReader(Convert.FromHexString(vector.GetProperty("bits").GetString()!));
        if (isLossy) new LossyTileDecoder(vectors).Decode(ref bits, tile, width, height, (ushort)coded, Enum.Parse<LossyQuality>(vector.GetProperty("quality").GetString()!));
        else new LosslessTileDecoder().Decode(ref bits, tile, width, height, coded);
        bits.DemandEnd();

        uint[] inside = new uint[width * height];
        for (int y = 0; y < height; y++) tile.AsSpan(y * 64, width).CopyTo(inside.AsSpan(y * width));
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(inside.AsSpan())));
    }
}
