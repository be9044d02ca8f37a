using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace RemoteAccess.Tests.Architecture;

/// <summary>References form a line: every package of src/ stands on Core alone, and Core on none of them. It holds for packages yet to come.</summary>
public sealed class ReferenceLineTests
{
    private const string Core = "RemoteAccess.Core";

    public static TheoryData<string> Products => ProductAssemblies.AsTheory;

    [Fact]
    public void ProductProjects_AreFound() => Assert.Contains(Core, ProductAssemblies.Names);

    [Theory]
    [MemberData(nameof(Products))]
    public void ProductProject_ProjectReferences_AreCoreOnly(string name)
    {
        var references = Included(RepositoryTree.Projects("src")[name], "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Equal(name == Core ? [] : [Core], references);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void ProductAssembly_ReferencesWithinTheRepository_AreCoreOnly(string name)
    {
        using var file = new PEReader(File.OpenRead(ProductAssemblies.PathOf(name)));
        var metadata = file.GetMetadataReader();
        var references = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(reference => reference.StartsWith("RemoteAccess", StringComparison.Ordinal));

        Assert.DoesNotContain(references, reference => name == Core || reference != Core);
    }

    // A vendor can only build what we can build: packages use each other through public API.
    [Theory]
    [MemberData(nameof(Products))]
    public void ProductProject_Internals_AreVisibleToNoOtherPackage(string name)
    {
        var friends = Included(RepositoryTree.Projects("src")[name], "InternalsVisibleTo");

        Assert.Empty(friends.Intersect(ProductAssemblies.Names));
        Assert.Empty(friends.Intersect(RepositoryTree.Projects("samples").Keys));
    }

    [Fact]
    public void Projects_OfTheRepository_AreAllInTheSolution()
    {
        var solution = RepositoryTree.Read("RemoteAccess.sln").Replace('\\', '/');
        var missing = RepositoryTree.Files(".", "*.csproj").Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void Packages_Versions_ArePinnedExactlyAndCentrally()
    {
        var packages = XDocument.Parse(RepositoryTree.Read("Directory.Packages.props"));
        var extensions = packages.Descendants("ExtVersion").Single().Value;
        var central = Versions(packages, "PackageVersion").ConvertAll(version => version == "$(ExtVersion)" ? extensions : version);
        var elsewhere = RepositoryTree.Files(".", "*.csproj").Concat(RepositoryTree.Files("eng", "*.props"))
            .SelectMany(path => Versions(XDocument.Parse(RepositoryTree.Read(path)), "PackageReference").Select(version => $"{path}: {version}"));

        Assert.NotEmpty(central);
        Assert.All(central, version => Assert.Matches(@"^\d+\.\d+\.\d+(-beta)?$", version));
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Projects_OfTheRepository_HaveLockFiles()
    {
        var unlocked = RepositoryTree.Files(".", "*.csproj").Where(path => !File.Exists(Path.Combine(RepositoryTree.Root, Path.GetDirectoryName(path)!, "packages.lock.json")));

        Assert.Empty(unlocked);
    }

    private static List<string> Included(XDocument project, string item) =>
        [.. project.Descendants(item).Select(element => element.Attribute("Include")!.Value)];

    private static List<string> Versions(XDocument project, string item) =>
        [.. project.Descendants(item).SelectMany(element => element.Attributes().Where(attribute => attribute.Name.LocalName is "Version" or "VersionOverride")).Select(attribute => attribute.Value)];
}
