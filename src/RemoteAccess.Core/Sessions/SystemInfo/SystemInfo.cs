namespace RemoteAccess.Sessions;

/// <summary>What a helpdesk asks about a computer. Empty, zero or null where its operating system does not say. Texts are the computer's own, in one line each. Immutable.</summary>
public sealed record SystemInfo
{
    /// <summary>The operating system's name for the computer.</summary>
    public required string ComputerName { get; init; }

    /// <summary>Operating system and version, for people.</summary>
    public required string System { get; init; }

    /// <summary>Its kernel with version and build.</summary>
    public required string Kernel { get; init; }

    /// <summary>Of the operating system, such as X64.</summary>
    public required string Architecture { get; init; }

    /// <summary>Name of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Bytes of memory in all.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of memory that programs could still have.</summary>
    public required long MemoryAvailableBytes { get; init; }

    /// <summary>Disks that hold files; at most 24.</summary>
    public required IReadOnlyList<DiskInfo> Disks { get; init; }

    /// <summary>Network interfaces, without the loopback; at most 24.</summary>
    public required IReadOnlyList<NetworkInfo> Networks { get; init; }

    /// <summary>Name of the time zone; IANA's on Linux.</summary>
    public required string TimeZone { get; init; }

    /// <summary>How far its clock is ahead of UTC now, in whole minutes.</summary>
    public required TimeSpan UtcOffset { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset? BootedAt { get; init; }

    /// <summary>Version of the agent.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Who is logged on, by account; at most 16. Known on Linux with systemd only.</summary>
    public required IReadOnlyList<string> Users { get; init; }
}

/// <summary>A disk of a computer.</summary>
/// <param name="Name">Where it is in the file system.</param>
/// <param name="Format">Of its file system.</param>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What the agent's account could still write.</param>
public sealed record DiskInfo(string Name, string Format, long TotalBytes, long FreeBytes);

/// <summary>A network interface of a computer.</summary>
/// <param name="Name">The operating system's.</param>
/// <param name="IsUp">Whether packets can go.</param>
/// <param name="Addresses">IPv4 and IPv6; at most 6.</param>
public sealed record NetworkInfo(string Name, bool IsUp, IReadOnlyList<string> Addresses);
