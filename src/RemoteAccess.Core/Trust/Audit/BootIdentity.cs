using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>Says which run of the operating system an entry belongs to: 32 hexadecimal digits.</summary>
internal static class BootIdentity
{
    private const string LinuxBootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>
    /// The kernel's own identifier on Linux. Elsewhere a hash of the minute the computer started, reckoned from the clock: two runs never
    /// share it, but it can change within one run when the clock is set.
    /// </summary>
    public static string Read(TimeProvider time)
    {
        if (OperatingSystem.IsLinux() && File.Exists(LinuxBootId) && Guid.TryParse(File.ReadAllText(LinuxBootId).Trim(), out Guid boot)) return boot.ToString("N");
        Span<byte> input = stackalloc byte[10 + sizeof(long)];
        "RAS1 boot\0"u8.CopyTo(input);
        DateTimeOffset started = time.GetUtcNow() - TimeSpan.FromMilliseconds(Environment.TickCount64);
        BinaryPrimitives.WriteInt64BigEndian(input[10..], started.ToUnixTimeSeconds() / 60);
        return Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 16));
    }
}
