namespace RemoteAccess.Trust;

/// <summary>
/// What the computer keeps instead of the access code: w0 and L of SPAKE2+, with w0·M and w0·N. Whoever holds it can test guesses
/// offline at the price of one scrypt each, but cannot connect with it. Zeroed on disposal; the arrays are pinned.
/// </summary>
public sealed class AccessVerifier : IDisposable
{
    internal AccessVerifier(ReadOnlySpan<byte> w0, ReadOnlySpan<byte> l, ReadOnlySpan<byte> w0M, ReadOnlySpan<byte> w0N)
    {
        W0 = Pinned(w0);
        L = Pinned(l);
        W0M = Pinned(w0M);
        W0N = Pinned(w0N);
    }

    internal byte[] W0 { get; }
    internal byte[] L { get; }
    internal byte[] W0M { get; }
    internal byte[] W0N { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (byte[] secret in (byte[][])[W0, L, W0M, W0N]) System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
    }

    private static byte[] Pinned(ReadOnlySpan<byte> value)
    {
        byte[] array = GC.AllocateUninitializedArray<byte>(value.Length, pinned: true);
        value.CopyTo(array);
        return array;
    }
}
