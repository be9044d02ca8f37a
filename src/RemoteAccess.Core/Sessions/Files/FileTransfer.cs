namespace RemoteAccess.Sessions;

/// <summary>A file on its way, as the ledger has it.</summary>
/// <param name="IsToComputer">From the technician; else to them.</param>
/// <param name="Path">The shared folder's name and what is below.</param>
/// <param name="Size">In bytes.</param>
internal sealed record FileTransfer(bool IsToComputer, string Path, long Size);
