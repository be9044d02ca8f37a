using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>A P-256 private key in a private, unencrypted PKCS#8 (DER) file.</summary>
internal static class KeyFile
{
    private const int MaxLength = 1024;

    /// <summary>Makes a new key. What stood at <paramref name="path"/> is replaced: the caller has looked.</summary>
    public static EcdsaSigningKey Create(string path)
    {
        EcdsaSigningKey key = EcdsaSigningKey.Create();
        byte[] encoded = key.ExportPkcs8();
        try
        {
            PrivateFile.Write(path, encoded);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    /// <exception cref="StateException">Missing, exposed, or not a P-256 key.</exception>
    public static EcdsaSigningKey Load(string path)
    {
        byte[] encoded = PrivateFile.Read(path, MaxLength);
        try
        {
            return EcdsaSigningKey.TryImportPkcs8(encoded, out EcdsaSigningKey? key)
                ? key
                : throw new StateException(StateError.Corrupted, path, $"{path} is not a P-256 private key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }
}
