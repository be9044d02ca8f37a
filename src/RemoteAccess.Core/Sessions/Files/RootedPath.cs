using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Sessions;

/// <summary>
/// Whether what a path leads to is where it says. A path is looked at before it is used, and again by what was opened: a link that was put into it in between leads to nothing.
/// </summary>
internal static class RootedPath
{
    private const int MostLinks = 40;

    /// <summary>The real place of a folder that the customer's product named: that one may be, or lie behind, a link.</summary>
    /// <exception cref="IOException">Links that lead in circles.</exception>
    public static string Real(string path)
    {
        for (int links = 0; links < MostLinks; links++)
        {
            string? at = FirstLink(path, Path.GetPathRoot(path)!);
            if (at is null) return path;
            string target = Path.GetFullPath(new DirectoryInfo(at).LinkTarget ?? "", Path.GetDirectoryName(at)!);
            path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.GetRelativePath(at, path), target));
        }
        throw new IOException($"{path} lies behind too many links.");
    }

    /// <summary>Whether a place is a folder, or below it.</summary>
    public static bool IsWithin(string path, string folder)
    {
        string below = Path.GetRelativePath(folder, path);
        return below == "." || (!Path.IsPathRooted(below) && below != ".." && !below.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
    }

    /// <exception cref="FileNotFoundException">There is a link on the way from the root.</exception>
    public static void DemandNoLink(string root, string path)
    {
        if (FirstLink(path, root) is not null) throw new FileNotFoundException("There is a link on the way to the file.");
    }

    /// <summary>What was opened is what the path says.</summary>
    /// <exception cref="FileNotFoundException">It is something else.</exception>
    public static void Demand(SafeFileHandle opened, string root, string path)
    {
        if (OperatingSystem.IsLinux())
        {
            if (WhereIs(opened) != path) throw new FileNotFoundException("What was opened is not where it should be.");
            return;
        }
        // On Windows no folder above an open file can be replaced, so that what is seen now was so when it was opened.
        DemandNoLink(root, path);
    }

    /// <summary>Where a file is in truth; null where the system does not say.</summary>
    public static string? WhereIs(SafeFileHandle opened) => OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{opened.DangerousGetHandle()}").LinkTarget : null;

    private static string? FirstLink(string path, string root)
    {
        string below = Path.GetRelativePath(root, path), at = root;
        if (below == ".") return null;
        foreach (string part in below.Split(Path.DirectorySeparatorChar))
        {
            at = Path.Join(at, part);
            var entry = new FileInfo(at);
            if ((entry.Exists || Directory.Exists(at) || entry.LinkTarget is not null) && (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || entry.LinkTarget is not null)) return at;
        }
        return null;
    }
}
