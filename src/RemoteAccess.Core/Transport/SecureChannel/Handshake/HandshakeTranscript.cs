using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>The running hash over the handshake messages, without frame headers and padding.</summary>
internal sealed class HandshakeTranscript : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    /// <summary>The hash so far; more may be added.</summary>
    public byte[] Hash() => hash.GetCurrentHash();

    public void Dispose() => hash.Dispose();
}
