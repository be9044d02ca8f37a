using System.Reflection;
using System.Runtime.Loader;

namespace RemoteAccess.Tests.Architecture;

/// <summary>The built assembly of each project under src/: the one beside this test when it is referenced, else the project's own output.</summary>
internal static class ProductAssemblies
{
    public static IReadOnlyList<string> Names { get; } = [.. RepositoryTree.Projects("src").Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> AsTheory => [.. Names];

    public static string PathOf(string name)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (File.Exists(beside))
        {
            return beside;
        }

        // …/tests/<this>/bin/<configuration>/<framework>/
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var output = new DirectoryInfo(Path.Combine(RepositoryTree.Root, "src", name, "bin", framework.Parent!.Name));
        var built = output.Exists ? output.EnumerateFiles(name + ".dll", SearchOption.AllDirectories).FirstOrDefault() : null;
        return built?.FullName ?? throw new InvalidOperationException($"{name} is not built: build RemoteAccess.sln first.");
    }

    public static Assembly Load(string name) => AssemblyLoadContext.Default.LoadFromAssemblyPath(PathOf(name));
}
