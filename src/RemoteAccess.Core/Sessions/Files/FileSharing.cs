namespace RemoteAccess.Sessions;

/// <summary>What an agent shares, and what of the disk it leaves alone.</summary>
internal sealed record FileSharing
{
    public IReadOnlyList<SharedFolder> Folders { get; init; } = [];

    /// <summary>Bytes of the disk that technicians do not get: the customer's programs, and the ledger, must go on.</summary>
    public long Reserve { get; init; } = 256L * 1024 * 1024;

    /// <summary>Says where an open file is in truth; null where Core itself can tell, or nobody.</summary>
    public IFilePlaces? Places { get; init; }

    /// <summary>Free bytes of the disk that a folder is on.</summary>
    public Func<string, long> FreeSpace { get; init; } = static folder => new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
}
