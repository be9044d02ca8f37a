namespace RemoteAccess.Transport;

/// <summary>P-256 as the protocol uses it (docs/protocol.md §2): sizes, and the operations of the provider that passed the self-test.</summary>
internal static class P256
{
    /// <summary>SEC1 uncompressed: 04, x, y.</summary>
    public const int PointLength = 65;
    public const int CoordinateLength = 32;
    public const int ScalarLength = 32;

    /// <summary>r‖s.</summary>
    public const int SignatureLength = 64;

    private static readonly Lazy<P256Selection> Selected = new(() => P256Selection.Choose(new SystemP256(), new BouncyCastleP256()));

    /// <summary>The operating system's implementation, or the managed one where the system's failed the self-test.</summary>
    public static IP256Provider Provider => Selected.Value.Provider;

    public static bool UsesFallback => Selected.Value.IsFallback;

    /// <summary>
    /// True when <paramref name="signature"/> is an ECDSA/SHA-256 signature of <paramref name="data"/> under <paramref name="publicKey"/>.
    /// False for everything else, including a key that is not a valid 65-byte point and r or s outside 1…n−1.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        P256Group.IsValidPoint(publicKey) && P256Scalar.IsSignatureInRange(signature) && Provider.Verify(publicKey, data, signature);
}
