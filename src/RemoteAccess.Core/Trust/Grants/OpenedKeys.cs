using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Whether a signature is right, as <see cref="P256.Verify"/> says it.</summary>
internal delegate bool SignatureCheck(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

/// <summary>
/// Public keys opened for many signatures: of ten thousand grants one key is always the computer's, and the other nearly always one of few. Answers as <see cref="P256.Verify"/>.
/// One caller at a time.
/// </summary>
internal sealed class OpenedKeys : IDisposable
{
    private const int Capacity = 16;
    private readonly Dictionary<UInt128, (byte[] Key, P256Verifier Verifier)> opened = [];

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != P256.PointLength || !P256Scalar.IsSignatureInRange(signature)) return false;
        // Anybody can make a key that begins alike: then it is opened for itself.
        UInt128 beginning = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(publicKey[1..]);
        if (opened.TryGetValue(beginning, out (byte[] Key, P256Verifier Verifier) known)) return publicKey.SequenceEqual(known.Key) ? known.Verifier.Verify(data, signature) : P256.Verify(publicKey, data, signature);
        if (!P256Group.IsValidPoint(publicKey)) return false;
        if (opened.Count >= Capacity) Dispose();
        P256Verifier verifier = P256.Provider.OpenVerifier(publicKey);
        opened[beginning] = (publicKey.ToArray(), verifier);
        return verifier.Verify(data, signature);
    }

    public void Dispose()
    {
        foreach ((_, P256Verifier verifier) in opened.Values) verifier.Dispose();
        opened.Clear();
    }
}
