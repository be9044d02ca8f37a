using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The verifier's file, bound to the one grant it was made for.
/// <code>"RAV1" | grant_digest[32] | w0[32] | L[65] | w0·M[65] | w0·N[65] | SHA-256 of all before</code>
/// </summary>
internal static class VerifierRecord
{
    private const int W0Length = 32, HashLength = 32;
    private const int SecretsAt = 4 + HashLength;
    private const int Length = SecretsAt + W0Length + 3 * P256.PointLength + HashLength;

    private static ReadOnlySpan<byte> Magic => "RAV1"u8;

    public static void Create(string path, Grant grant, AccessVerifier verifier)
    {
        byte[] bytes = GC.AllocateArray<byte>(Length, pinned: true);
        try
        {
            Magic.CopyTo(bytes);
            grant.Digest.Span.CopyTo(bytes.AsSpan(4));
            verifier.W0.CopyTo(bytes, SecretsAt);
            verifier.L.CopyTo(bytes, SecretsAt + W0Length);
            verifier.W0M.CopyTo(bytes, SecretsAt + W0Length + P256.PointLength);
            verifier.W0N.CopyTo(bytes, SecretsAt + W0Length + 2 * P256.PointLength);
            SHA256.HashData(bytes.AsSpan(0, Length - HashLength), bytes.AsSpan(Length - HashLength));
            PrivateFile.Create(path, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <exception cref="StateException">Missing, damaged, or made for another grant.</exception>
    public static AccessVerifier Load(string path, Grant grant)
    {
        byte[] bytes = PrivateFile.Read(path, Length);
        try
        {
            bool valid = bytes.Length == Length
                && bytes.AsSpan().StartsWith(Magic)
                && bytes.AsSpan(4, HashLength).SequenceEqual(grant.Digest.Span)
                && SHA256.HashData(bytes.AsSpan(0, Length - HashLength)).AsSpan().SequenceEqual(bytes.AsSpan(Length - HashLength));
            if (!valid) throw new StateException(StateError.Corrupted, path, $"{path} is damaged or belongs to another grant.");
            return new AccessVerifier(
                bytes.AsSpan(SecretsAt, W0Length),
                bytes.AsSpan(SecretsAt + W0Length, P256.PointLength),
                bytes.AsSpan(SecretsAt + W0Length + P256.PointLength, P256.PointLength),
                bytes.AsSpan(SecretsAt + W0Length + 2 * P256.PointLength, P256.PointLength));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
