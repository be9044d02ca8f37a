using System.Security.Cryptography;
using System.Text.Json;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class KeyScheduleTests
{
    [Fact]
    public void Hkdf_VectorsOfRfc5869_GiveItsValues()
    {
        int count = 0;
        foreach (JsonElement vector in TestVectors.Open("rfc5869_hkdf_sha256.json").GetProperty("vectors").EnumerateArray())
        {
            byte[] key = new byte[32], output = new byte[vector.GetProperty("L").GetInt32()], whole = new byte[output.Length];
            HKDF.Extract(HashAlgorithmName.SHA256, vector.Hex("IKM"), vector.Hex("salt"), key);
            HKDF.Expand(HashAlgorithmName.SHA256, key, output, vector.Hex("info"));
            HKDF.DeriveKey(HashAlgorithmName.SHA256, vector.Hex("IKM"), whole, vector.Hex("salt"), vector.Hex("info"));
            Assert.Equal(vector.Hex("PRK"), key);
            Assert.Equal(vector.Hex("OKM"), output);
            Assert.Equal(vector.Hex("OKM"), whole);
            count++;
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public void Expand_LabelContextAndLength_AreAllBound()
    {
        byte[] secret = new byte[32];
        string[] outputs = [Expanded(secret, "a"u8, []), Expanded(secret, "b"u8, []), Expanded(secret, "a"u8, [0]), Expanded(secret, "a"u8, [], 33)[..64], Expanded(secret, "ab"u8, [])];

        Assert.Equal(outputs.Length, outputs.Distinct().Count());
    }

    [Fact]
    public void Expand_LabelTooLong_IsAnError() => Assert.Throws<ArgumentException>(() => KeySchedule.Expand(new byte[32], new byte[251], [], new byte[32]));

    private static string Expanded(byte[] secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, int length = 32)
    {
        byte[] output = new byte[length];
        KeySchedule.Expand(secret, label, context, output);
        return Convert.ToHexString(output);
    }
}
