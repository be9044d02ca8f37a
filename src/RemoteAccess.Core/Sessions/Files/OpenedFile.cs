using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Sessions;

/// <summary>A shared file that is being read.</summary>
/// <param name="node">Which.</param>
/// <param name="handle">Null for an empty one, which is not opened.</param>
/// <param name="length">When it was opened; what is appended later is not sent.</param>
/// <param name="modified">When it was last written to.</param>
internal sealed class OpenedFile(FileNode node, SafeFileHandle? handle, long length, DateTimeOffset modified) : IDisposable
{
    public string Name => node.Name;

    public string Label => node.Label;

    public long Length => length;

    public DateTimeOffset Modified => modified;

    /// <returns>0 at the end.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(Span<byte> into, long offset) => handle is null ? 0 : RandomAccess.Read(handle, into, offset);

    public void Dispose() => handle?.Dispose();
}
