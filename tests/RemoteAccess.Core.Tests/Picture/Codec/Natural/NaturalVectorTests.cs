using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>
    /// Codes the lossless tiles anew, of the sizes and blocks they have, after a change of the format: <c>-explicit only</c>, with REMOTEACCESS_VECTORS naming the file. The hashes are
    /// those of the pixels coded; tests/second-decoder has to agree.
    /// </summary>
    [Fact(Explicit = true)]
    public void WriteVectors()
    {
        string path = Environment.GetEnvironmentVariable("REMOTEACCESS_VECTORS") ?? throw new InvalidOperationException("Set REMOTEACCESS_VECTORS to the file to write to.");
        JsonNode vectors = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "natural_tiles.json")))!;
        int seed = 0;
        foreach (JsonNode? tile in vectors["tiles"]!.AsArray())
        {
            if ((string)tile!["kind"]! != "lossless") continue;
            (int width, int height) = ((int)tile["width"]!, (int)tile["height"]!);
            ulong coded = ulong.Parse((string)tile["coded"]!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            byte[] pixels = PhotoLike.Draw(width, height, width * 4, ++seed);
            var random = new Random(seed);
            // Every third as rough as can be, so that each context and token is met.
            if (seed % 3 == 0) for (int at = 0; at < pixels.Length; at++) pixels[at] ^= (byte)(random.Next(256) >> random.Next(9));
            var bits = new BitWriter();
            new LosslessTileEncoder().Encode(bits, pixels, width * 4, width, height, coded);
            tile["bits"] = Convert.ToHexStringLower(bits.Finish());
            Span<uint> inside = MemoryMarshal.Cast<byte, uint>(pixels.AsSpan());
            for (int at = 0; at < inside.Length; at++)
                inside[at] = (coded >> (at / width / 8 * 8 + at % width / 8) & 1) != 0 ? inside[at] & 0xFFFFFF : 0;
            tile["sha256"] = Convert.ToHexStringLower(SHA256.HashData(pixels));
        }

        File.WriteAllText(path, vectors.ToJsonString(new JsonSerializerOptions { WriteIndented = true, IndentSize = 1, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
    }

    private static string Hash(JsonElement vector, bool vectors)
    {
        (int width, int height) = (vector.GetProperty("width").GetInt32(), vector.GetProperty("height").GetInt32());
        ulong coded = ulong.Parse(vector.GetProperty("coded").GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        bool isLossy = vector.GetProperty("kind").GetString() == "lossy";
        uint[] tile = new uint[64 * 64];
        var bits = new BitReader(Convert.FromHexString(vector.GetProperty("bits").GetString()!));
        if (isLossy) new LossyTileDecoder(vectors).Decode(ref bits, tile, width, height, (ushort)coded, Enum.Parse<LossyQuality>(vector.GetProperty("quality").GetString()!));
        else new LosslessTileDecoder(vectors).Decode(ref bits, tile, width, height, coded);
        bits.DemandEnd();

        uint[] inside = new uint[width * height];
        for (int y = 0; y < height; y++) tile.AsSpan(y * 64, width).CopyTo(inside.AsSpan(y * width));
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(inside.AsSpan())));
    }
}
