using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>A secret of fixed length that the collector never copies and that is zeroed when its owner is done.</summary>
internal sealed class PinnedSecret : IDisposable
{
    private readonly byte[] bytes;

    public PinnedSecret(int length) => bytes = GC.AllocateArray<byte>(length, pinned: true);

    public PinnedSecret(ReadOnlySpan<byte> value)
        : this(value.Length) => value.CopyTo(bytes);

    public Span<byte> Span => bytes;

    public int Length => bytes.Length;

    /// <summary>The array itself, for library calls that take nothing else. Never keep it.</summary>
    public byte[] Array => bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
