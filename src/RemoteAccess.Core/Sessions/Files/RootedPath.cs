using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Sessions;

/// <summary>
/// Whether what a path leads to is where it says. A path is looked at before it is used, and again by what was opened: a link that was put into it in between leads to nothing.
/// </summary>
internal static class RootedPath
{
    private const int MostLinks = 40;

    /// <summary>
    /// The real place of a folder that the customer's product named: that one may be, or lie behind, a link. A mounted disk, and whatever else the system marks and names no other place for, is where it is.
    /// </summary>
    /// <exception cref="IOException">Links that lead in circles.</exception>
    public static string Real(string path)
    {
        for (int links = 0; links < MostLinks; links++)
        {
            string? at = FirstOnTheWay(path, Path.GetPathRoot(path)!, static entry => entry.LinkTarget is not null);
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
    public static void Demand(SafeFileHandle opened, string root, string path, IFilePlaces? places)
    {
        bool isThere = true;
        if (OperatingSystem.IsLinux()) isThere = WhereIs(opened, places) == path;
        else if (places is not null) isThere = IsAt(places, opened, root, path);
        // Nobody says where it is. Then there must be no link on the way now, either.
        else DemandNoLink(root, path);
        if (!isThere) throw new FileNotFoundException("What was opened is not where it should be.");
    }

    /// <summary>Where a file is in truth; null where the system does not say.</summary>
    public static string? WhereIs(SafeFileHandle opened, IFilePlaces? places) => OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{opened.DangerousGetHandle()}").LinkTarget : places?.WhereIs(opened);

    /// <summary>In other letters, and with a long name for a short one in the way to the root, it is the same place.</summary>
    private static bool IsAt(IFilePlaces places, SafeFileHandle opened, string root, string path) =>
        places.WhereIs(root) is { } real && places.WhereIs(opened) is { } place && string.Equals(Path.Join(real, Path.GetRelativePath(root, path)), place, StringComparison.OrdinalIgnoreCase);

    private static string? FirstLink(string path, string root) =>
        FirstOnTheWay(path, root, static entry => entry.LinkTarget is not null || ((entry.Exists || Directory.Exists(entry.FullName)) && entry.Attributes.HasFlag(FileAttributes.ReparsePoint)));

    private static string? FirstOnTheWay(string path, string root, Func<FileInfo, bool> isLink)
    {
        string below = Path.GetRelativePath(root, path), at = root;
        if (below == ".") return null;
        foreach (string part in below.Split(Path.DirectorySeparatorChar))
        {
            at = Path.Join(at, part);
            if (isLink(new FileInfo(at))) return at;
        }
        return null;
    }
}
