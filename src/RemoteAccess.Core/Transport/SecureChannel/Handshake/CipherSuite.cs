namespace RemoteAccess.Transport;

/// <summary>The suites of docs/protocol.md §2. There is no "none".</summary>
internal static class CipherSuite
{
    /// <summary>P-256, ECDSA, SPAKE2+, scrypt, AES-256-GCM, all with SHA-256.</summary>
    public const ushort P256 = 1;

    /// <summary>The same with ML-KEM-768. Reserved: never offered and never chosen by this version.</summary>
    public const ushort P256MlKem768 = 2;

    public const ushort ProtocolVersion = 1;
}
