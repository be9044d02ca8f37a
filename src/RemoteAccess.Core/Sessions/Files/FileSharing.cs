namespace RemoteAccess.Sessions;

/// <summary>What an agent shares, and what of the disk it leaves alone.</summary>
internal sealed record FileSharing
{
    /// <summary>The host application's.</summary>
    public IReadOnlyList<SharedFolder> Folders { get; init; } = [];

    /// <summary>The customer's own, at this moment.</summary>
    public Func<IReadOnlyList<SharedFolder>> CustomersFolders { get; init; } = static () => [];

    /// <summary>By its real place: whether a folder is one that is never shared, whoever says so.</summary>
    public Func<string, bool> MayBeShared { get; init; } = static _ => true;

    /// <summary>Both; where two have one name, the host application's.</summary>
    public IEnumerable<SharedFolder> Now() => Folders.Concat(CustomersFolders().Where(mine => !Folders.Any(mine.HasNameOf)));

    /// <summary>Bytes of the disk that technicians do not get: the customer's programs, and the ledger, must go on.</summary>
    public long Reserve { get; init; } = 256L * 1024 * 1024;

    /// <summary>Free bytes of the disk that a folder is on.</summary>
    public Func<string, long> FreeSpace { get; init; } = static folder => new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
}
