using System.Buffers;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Which names of files travel, either way: those that mean one file, in its own folder, on every system. Others are not listed and not taken. Pure.
/// </summary>
internal static class FileNames
{
    /// <summary>In bytes of UTF-8, what most file systems take.</summary>
    public const int MaxBytes = 255;

    /// <summary>The end of the name of a file that is not complete yet.</summary>
    public const string PartSuffix = ".remoteaccess-part";

    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\:*?\"<>|");

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>No separators, streams, wildcards or control characters, nothing that turns the reading direction, no device, none of <c>.</c> and <c>..</c>, no end that Windows cuts off.</summary>
    public static bool IsAcceptable(string name)
    {
        if (name.Length is 0 or > MaxBytes || !PlainText.IsAcceptable(name, MaxBytes) || name.AsSpan().ContainsAny(Separators)) return false;
        if (name[^1] is '.' or ' ' || name[0] == ' ' || name.EndsWith(PartSuffix, StringComparison.OrdinalIgnoreCase) || name.Contains(Rune.ReplacementChar.ToString(), StringComparison.Ordinal)) return false;
        // Windows takes CON.txt, and "CON .txt" too, for the device.
        return !Devices.Contains(name.Split('.')[0].TrimEnd(' '));
    }
}
