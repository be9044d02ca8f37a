using System.Diagnostics;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests.Packaging;

/// <summary>Two copies of the sources, each packed with <c>eng/pack.sh</c>, in the time that the tests beside them leave.</summary>
[CollectionDefinition(nameof(PackedTwice))]
public sealed class PackedTwice : IAsyncLifetime, ICollectionFixture<PackedTwice>
{
    private static readonly string[] Sources = ["src", "protocol", "eng"];
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("ra-pack-");

    public string First => Path.Combine(_work.FullName, "one-packages");

    public string Second => Path.Combine(_work.FullName, "two-packages");

    public async ValueTask InitializeAsync()
    {
        await PackCopyAsync("one", First);
        await PackCopyAsync("another-folder/two", Second);
    }

    public ValueTask DisposeAsync()
    {
        _work.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task PackCopyAsync(string copy, string output)
    {
        var folder = Path.Combine(_work.FullName, copy);
        foreach (var file in Sources.SelectMany(source => RepositoryTree.Files(source)).Concat(RepositoryTree.Files().Where(path => !path.Contains('/', StringComparison.Ordinal))))
        {
            var target = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(RepositoryTree.Root, file), target);
        }

        var log = Path.Combine(_work.FullName, Path.GetFileName(copy) + ".log");
        var start = new ProcessStartInfo("bash", ["-c", "exec nice -n 10 bash eng/pack.sh \"$1\" >\"$2\" 2>&1 </dev/null", "pack", output, log]) { WorkingDirectory = folder };
        // The build before this has run them on the same sources; what they say is not in a package.
        start.Environment["RunAnalyzers"] = "false";
        start.Environment["UseSharedCompilation"] = "true";
        using var pack = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            await pack.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!pack.HasExited)
            {
                pack.Kill(entireProcessTree: true);
            }
        }

        Assert.True(pack.ExitCode == 0, $"eng/pack.sh failed with exit code {pack.ExitCode}:\n{await File.ReadAllTextAsync(log)}");
    }
}
