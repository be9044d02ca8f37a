namespace RemoteAccess.Sessions;

/// <summary>A file or folder of the computer, as it was when it was listed.</summary>
/// <param name="Id">What it is asked for by. In this session only.</param>
/// <param name="Name">One name, without any path; it may be used as it is for a file of this computer's.</param>
/// <param name="Size">In bytes; 0 for a folder.</param>
/// <param name="Modified">When it was last written to.</param>
/// <param name="IsFolder">Whether it can be listed, else fetched.</param>
/// <param name="IsReadOnly">Whether the customer shares it for reading only.</param>
public sealed record RemoteFile(long Id, string Name, long Size, DateTimeOffset Modified, bool IsFolder, bool IsReadOnly);

/// <summary>What is in a folder of the computer.</summary>
/// <param name="Files">In no order.</param>
/// <param name="IsCut">The folder holds more than can be listed.</param>
public sealed record RemoteFolder(IReadOnlyList<RemoteFile> Files, bool IsCut);

/// <summary>A file that was transferred, whole.</summary>
/// <param name="Name">Its name at the computer.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of the whole file, found by both sides; the computer's ledger has it. 32 bytes.</param>
public sealed record TransferredFile(string Name, long Size, ReadOnlyMemory<byte> Sha256);

/// <summary>How far a transfer is.</summary>
/// <param name="Bytes">That went.</param>
/// <param name="Size">Of the file.</param>
public readonly record struct FileProgress(long Bytes, long Size);
