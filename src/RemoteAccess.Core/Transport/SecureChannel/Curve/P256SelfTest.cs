using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>
/// Known answers for a provider. Signature: RFC 6979 appendix A.2.5, P-256 with SHA-256, message "sample". Agreement: the first vector of
/// NIST CAVP "KAS ECC CDH primitive", P-256.
/// </summary>
internal static class P256SelfTest
{
    private static readonly byte[] SigningScalar = Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
    private static readonly byte[] SigningPoint = Convert.FromHexString("0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
    private static readonly byte[] KnownSignature = Convert.FromHexString("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
    private static readonly byte[] AgreementScalar = Convert.FromHexString("7D7DC5F71EB29DDAF80D6214632EEAE03D9058AF1FB6D22ED80BADB62BC1A534");
    private static readonly byte[] AgreementPoint = Convert.FromHexString("04EAD218590119E8876B29146FF89CA61770C4EDBBF97D38CE385ED281D8A6B23028AF61281FD35E2FA7002523ACC85A429CB06EE6648325389F59EDFCE1405141");
    private static readonly byte[] AgreementPeer = Convert.FromHexString("04700C48F77F56584C5CC632CA65640DB91B6BACCE3A4DF6B42CE7CC838833D287DB71E509E3FD9B060DDB20BA5C51DCC5948D46FBF640DFE0441782CAB85FA4AC");
    private static readonly byte[] AgreementX = Convert.FromHexString("46FC62106420FF012E54A434FBDD2D25CCC5852060561E68040DD7778997BD7B");

    /// <summary>True when every answer is right; false when one is wrong or the provider throws.</summary>
    public static bool Passes(IP256Provider provider)
    {
        try
        {
            return Signs(provider) && Verifies(provider) && Agrees(provider);
        }
        catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException or NotSupportedException
            or NotImplementedException or ArgumentException or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return false;
        }
    }

    private static bool Signs(IP256Provider provider)
    {
        using P256Signer signer = provider.OpenSigner(SigningScalar);
        byte[] signature = new byte[P256.SignatureLength];
        signer.Sign("sample"u8, signature);
        return signer.PublicKey.AsSpan().SequenceEqual(SigningPoint)
            && P256Scalar.IsSignatureInRange(signature)
            && provider.Verify(SigningPoint, "sample"u8, signature);
    }

    private static bool Verifies(IP256Provider provider)
    {
        byte[] altered = [.. KnownSignature];
        altered[^1] ^= 1;
        return provider.Verify(SigningPoint, "sample"u8, KnownSignature)
            && !provider.Verify(SigningPoint, "simple"u8, KnownSignature)
            && !provider.Verify(SigningPoint, "sample"u8, altered);
    }

    private static bool Agrees(IP256Provider provider)
    {
        using EphemeralKey key = provider.OpenEphemeral(AgreementScalar);
        byte[] x = new byte[P256.CoordinateLength];
        key.Agree(AgreementPeer, x);
        return key.PublicKey.AsSpan().SequenceEqual(AgreementPoint) && x.AsSpan().SequenceEqual(AgreementX);
    }
}
