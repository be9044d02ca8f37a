using System.Globalization;
using System.Text;

namespace RemoteAccess.Benchmarks;

/// <summary>Processes of Wine, by what /proc says of them: a program under Wine does not know its number outside.</summary>
internal static class WineProcesses
{
    private const string Program = "RemoteAccess.Benchmarks.exe";

    /// <summary>The side that was given this port: the program itself, not what started it.</summary>
    public static int Find(string port)
    {
        List<int> found = [];
        foreach (int process in All())
        {
            string[] words = Words(process, "cmdline");
            if (words.Length > 2 && words[0].EndsWith(Program, StringComparison.Ordinal) && words[^1] == port) found.Add(process);
        }

        return found is [int one] ? one : throw new InvalidOperationException($"{found.Count} processes look like the program under Wine.");
    }

    /// <summary>The server of its prefix; prefixes of other process namespaces may have the same path.</summary>
    public static int ServerOf(int process)
    {
        foreach (int other in All())
        {
            if (Words(other, "comm") is [{ } name, ..] && name.StartsWith("wineserver", StringComparison.Ordinal) && Home(other) == Home(process)) return other;
        }

        throw new InvalidOperationException("Wine's server is not found.");
    }

    private static (string? Namespace, string? Prefix) Home(int process) =>
        (new FileInfo($"/proc/{process}/ns/pid").LinkTarget, Words(process, "environ").FirstOrDefault(static word => word.StartsWith("WINEPREFIX=", StringComparison.Ordinal)));

    private static IEnumerable<int> All()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process)) yield return process;
        }
    }

    /// <summary>Nothing of a process that has gone meanwhile, or is another's.</summary>
    private static string[] Words(int process, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/{file}")).TrimEnd('\0', '\n').Split('\0');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
