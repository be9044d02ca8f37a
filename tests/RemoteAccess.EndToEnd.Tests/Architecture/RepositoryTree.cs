using System.Xml.Linq;

namespace RemoteAccess.Tests.Architecture;

/// <summary>The files of this repository as they stand, without what is built or fetched.</summary>
internal static class RepositoryTree
{
    // .git is a file in a worktree.
    private static readonly string[] BuiltFolders = ["bin", "obj", ".git", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths with '/' relative to the root, in ordinal order, of the files below <paramref name="folder"/> that match <paramref name="pattern"/>.</summary>
    public static IReadOnlyList<string> Files(string folder = ".", string pattern = "*")
    {
        var start = new DirectoryInfo(Path.Combine(Root, folder));
        return start.Exists
            ? [.. Below(start, pattern).Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal)]
            : [];
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The names of the projects below <paramref name="folder"/> with their parsed project files.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects(string folder) =>
        Files(folder, "*.csproj").ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => XDocument.Parse(Read(path)));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern).Where(file => !BuiltFolders.Contains(file.Name, StringComparer.Ordinal)).Concat(folder.EnumerateDirectories()
            .Where(sub => !BuiltFolders.Contains(sub.Name, StringComparer.Ordinal) && sub.LinkTarget is null)
            .SelectMany(sub => Below(sub, pattern)));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RemoteAccess.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below a RemoteAccess.sln: run the tests where they were built.");
    }
}
