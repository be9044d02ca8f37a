using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class EcdsaSigningKeyTests
{
    [Fact]
    public void Create_Twice_GivesDifferentKeysThatSign()
    {
        using EcdsaSigningKey one = EcdsaSigningKey.Create(), other = EcdsaSigningKey.Create();
        byte[] signature = new byte[64];
        one.Sign("data"u8, signature);

        Assert.True(P256.Verify(one.PublicKey, "data"u8, signature));
        Assert.False(P256.Verify(other.PublicKey, "data"u8, signature));
    }

    [Fact]
    public void ExportPkcs8_ReadByTheSystem_IsTheSameKey()
    {
        Wine.Skip("the system's elliptic curves give wrong answers");
        using EcdsaSigningKey key = EcdsaSigningKey.Create();
        using ECDsa system = ECDsa.Create();

        system.ImportPkcs8PrivateKey(key.ExportPkcs8(), out int read);

        Assert.Equal(138, read);
        ECParameters parameters = system.ExportParameters(includePrivateParameters: false);
        Assert.Equal(key.PublicKey.ToArray(), [4, .. parameters.Q.X!, .. parameters.Q.Y!]);
    }

    [Fact]
    public void TryImportPkcs8_WrittenByTheSystemOrByUs_IsTheSameKey()
    {
        Wine.Skip("the system's elliptic curves give wrong answers");
        using ECDsa system = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters parameters = system.ExportParameters(includePrivateParameters: false);

        Assert.True(EcdsaSigningKey.TryImportPkcs8(system.ExportPkcs8PrivateKey(), out EcdsaSigningKey? key));
        Assert.True(EcdsaSigningKey.TryImportPkcs8(key.ExportPkcs8(), out EcdsaSigningKey? again));

        Assert.Equal([4, .. parameters.Q.X!, .. parameters.Q.Y!], key.PublicKey.ToArray());
        Assert.Equal(key.PublicKey.ToArray(), again.PublicKey.ToArray());
        key.Dispose();
        again.Dispose();
    }

    [Fact]
    public void TryImportPkcs8_OtherCurveOrOtherPublicKeyOrOtherAlgorithm_IsFalse()
    {
        Wine.Skip("the system's elliptic curves give wrong answers");
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = RSA.Create(2048);
        using EcdsaSigningKey key = EcdsaSigningKey.Create(), other = EcdsaSigningKey.Create();
        byte[] mixed = [.. key.ExportPkcs8().AsSpan(..^65), .. other.PublicKey];

        Assert.False(EcdsaSigningKey.TryImportPkcs8(p384.ExportPkcs8PrivateKey(), out _));
        Assert.False(EcdsaSigningKey.TryImportPkcs8(rsa.ExportPkcs8PrivateKey(), out _));
        Assert.False(EcdsaSigningKey.TryImportPkcs8(mixed, out _));
    }

    [Fact]
    public void TryImportPkcs8_EachByteCutOrFlipped_NeverThrows()
    {
        using EcdsaSigningKey key = EcdsaSigningKey.Create();
        byte[] encoded = key.ExportPkcs8();
        for (int i = 0; i < encoded.Length; i++)
        {
            Assert.False(EcdsaSigningKey.TryImportPkcs8(encoded.AsSpan(0, i), out _));
            byte[] flipped = [.. encoded];
            flipped[i] ^= 0x41;
            if (EcdsaSigningKey.TryImportPkcs8(flipped, out EcdsaSigningKey? imported))
            {
                Assert.Equal(key.PublicKey.ToArray(), imported.PublicKey.ToArray());
                imported.Dispose();
            }
        }
    }

    [Fact]
    public void Dispose_Afterwards_NeitherSignsNorExports()
    {
        EcdsaSigningKey key = EcdsaSigningKey.Create();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign("data"u8, new byte[64]));
        Assert.Throws<ObjectDisposedException>(() => key.ExportPkcs8());
    }
}
