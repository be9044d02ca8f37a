using System.Globalization;
using System.Net.NetworkInformation;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>Reads what there is to say about this computer. A disk that does not answer can hold it up, so not on a thread that anybody waits for.</summary>
internal static class SystemInfoReader
{
    private const string ProcessorKey = @"HARDWARE\DESCRIPTION\System\CentralProcessor\0";

    /// <summary>File systems without files of anybody's, as they are mounted by the dozen on Linux.</summary>
    private static readonly string[] NoDisks =
    [
        "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "overlay", "proc", "pstore", "ramfs",
        "rpc_pipefs", "securityfs", "squashfs", "sysfs", "tmpfs", "tracefs",
    ];

    public static SystemInfoAnswer Read(TimeProvider time)
    {
        (long total, long available) = Memory();
        DateTimeOffset now = time.GetUtcNow();
        var answer = new SystemInfoAnswer
        {
            ComputerName = SystemInfoText.Plain(Environment.MachineName),
            System = SystemInfoText.Plain(Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"') is { Length: > 0 } name ? name : RuntimeInformation.OSDescription),
            Kernel = SystemInfoText.Plain(OperatingSystem.IsLinux() ? string.Join(' ', (string[])[Line("/proc/sys/kernel/osrelease"), Line("/proc/sys/kernel/version")]) : RuntimeInformation.OSDescription),
            Architecture = RuntimeInformation.OSArchitecture.ToString(),
            Processor = SystemInfoText.Plain(Processor()),
            Processors = (uint)Environment.ProcessorCount,
            MemoryBytes = (ulong)total,
            MemoryAvailableBytes = (ulong)available,
            TimeZone = SystemInfoText.Plain(TimeZoneInfo.Local.Id),
            UtcOffsetMinutes = (int)TimeZoneInfo.Local.GetUtcOffset(now).TotalMinutes,
            BootedUnixMs = Math.Max(0, Booted(now).ToUnixTimeMilliseconds()),
            AgentVersion = SystemInfoText.Plain(typeof(SystemInfoReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]),
        };
        answer.Disks.AddRange(Disks().Take(SystemInfoText.MaxDisks));
        answer.Networks.AddRange(Networks().Take(SystemInfoText.MaxNetworks));
        answer.Users.AddRange(Users().Take(SystemInfoText.MaxUsers));
        SystemInfoText.Shorten(answer);
        return answer;
    }

    private static string Processor()
    {
        if (OperatingSystem.IsWindows()) return Registry.LocalMachine.OpenSubKey(ProcessorKey) is { } key ? Closing(key) : "";
        return Field("/proc/cpuinfo", "model name", ':');

        [System.Runtime.Versioning.SupportedOSPlatform("windows")]
        static string Closing(RegistryKey key)
        {
            using (key) return key.GetValue("ProcessorNameString") as string ?? "";
        }
    }

    private static (long Total, long Available) Memory()
    {
        long total = KiB("MemTotal"), available = KiB("MemAvailable");
        if (total > 0) return (total, available);
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return (memory.TotalAvailableMemoryBytes, Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes));

        static long KiB(string field) => long.TryParse(Field("/proc/meminfo", field, ':').Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value * 1024 : 0;
    }

    private static DateTimeOffset Booted(DateTimeOffset now) =>
        long.TryParse(Field("/proc/stat", "btime", ' '), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : now.AddMilliseconds(-Environment.TickCount64);

    private static IEnumerable<DiskFacts> Disks() => DriveInfo.GetDrives().Select(Disk).OfType<DiskFacts>().DistinctBy(static disk => disk.Name);

    private static DiskFacts? Disk(DriveInfo drive)
    {
        try
        {
            if (!drive.IsReady || drive.TotalSize == 0 || NoDisks.Contains(drive.DriveFormat) && drive.Name != "/") return null;
            return new DiskFacts { Name = SystemInfoText.Plain(drive.Name), Format = SystemInfoText.Plain(drive.DriveFormat), TotalBytes = (ulong)drive.TotalSize, FreeBytes = (ulong)drive.AvailableFreeSpace };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Taken out meanwhile, or not for this account.
            return null;
        }
    }

    private static IEnumerable<NetworkFacts> Networks()
    {
        foreach (NetworkInterface one in NetworkInterface.GetAllNetworkInterfaces().OrderByDescending(one => one.OperationalStatus == OperationalStatus.Up))
        {
            if (one.NetworkInterfaceType == NetworkInterfaceType.Loopback) continue;
            var facts = new NetworkFacts { Name = SystemInfoText.Plain(one.Name), IsUp = one.OperationalStatus == OperationalStatus.Up };
            facts.Addresses.AddRange(one.GetIPProperties().UnicastAddresses.Select(address => address.Address.ToString()).Take(SystemInfoText.MaxAddresses));
            yield return facts;
        }
    }

    /// <summary>As systemd-logind has them; elsewhere nobody is named.</summary>
    private static IEnumerable<string> Users() => !OperatingSystem.IsLinux() || !Directory.Exists("/run/systemd/sessions") ? [] : Directory.EnumerateFiles("/run/systemd/sessions")
        .Where(file => Field(file, "CLASS", '=') == "user")
        .Select(file => SystemInfoText.Plain(Field(file, "USER", '=')))
        .Where(user => user.Length > 0)
        .Distinct();

    private static string Line(string file) => Lines(file).FirstOrDefault() ?? "";

    /// <summary>The value of a line <c>name separator value</c>; empty when there is none.</summary>
    private static string Field(string file, string name, char separator)
    {
        foreach (string line in Lines(file))
        {
            int end = line.IndexOf(separator, StringComparison.Ordinal);
            if (end > 0 && line.AsSpan(0, end).Trim().SequenceEqual(name)) return line[(end + 1)..].Trim();
        }
        return "";
    }

    private static string[] Lines(string file)
    {
        try
        {
            return OperatingSystem.IsLinux() && File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or not for this account.
            return [];
        }
    }
}
