using System.IO.Compression;
using System.Xml.Linq;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests.Packaging;

/// <summary>
/// Packs the sources from two folders and looks at what comes out. Both copies are without a git directory, as from a source archive.
/// </summary>
[Collection(nameof(PackedTwice))]
[Trait("Category", "Slow")]
public sealed class PackTests(PackedTwice packed)
{
    public static TheoryData<string> Products => ProductAssemblies.AsTheory;

    [Theory]
    [MemberData(nameof(Products))]
    public void Package_PackedFromTwoFolders_HasTheSameContent(string name)
    {
        var first = Entries(packed.First, name, "nupkg");
        var second = Entries(packed.Second, name, "nupkg");

        Assert.Equal(first.Keys, second.Keys);
        Assert.All(first, entry => Assert.True(entry.Value.AsSpan().SequenceEqual(second[entry.Key]), $"{entry.Key} differs between two builds of the same sources"));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void SymbolPackage_PackedFromTwoFolders_HasTheSameSymbols(string name)
    {
        var first = Entries(packed.First, name, "snupkg");
        var second = Entries(packed.Second, name, "snupkg");

        Assert.Contains(first.Keys, path => path.EndsWith($"/{name}.pdb", StringComparison.Ordinal));
        Assert.All(first, entry => Assert.True(entry.Value.AsSpan().SequenceEqual(second[entry.Key]), $"{entry.Key} differs between two builds of the same sources"));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Package_Files_AreTheListedOnesOnly(string name)
    {
        var files = Entries(packed.First, name, "nupkg").Keys.Select(path => path.StartsWith("lib/", StringComparison.Ordinal) ? path[(path.LastIndexOf('/') + 1)..] : path);

        // The licence of the list that is in the assembly; what a product needs that compiles ahead of time.
        string[] more = name == "RemoteAccess.Core" ? ["common-passwords.md", "buildTransitive/BouncyCastle.rd.xml", "buildTransitive/RemoteAccess.Core.targets"] : [];
        string[] expected = ["LICENSE", "README.md", $"{name}.nuspec", $"{name}.dll", $"{name}.xml", .. more];
        Assert.Equal(expected.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Package_Manifest_NamesLicenceReadmeDescriptionAndPinnedDependencies(string name)
    {
        var manifest = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Entries(packed.First, name, "nupkg")[$"{name}.nuspec"]).TrimStart('\uFEFF'));
        var metadata = manifest.Root!.Elements().Single();
        string Value(string element) => metadata.Elements().Single(candidate => candidate.Name.LocalName == element).Value;

        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.True(Value("description").Length > 40);
        var pinned = XDocument.Parse(RepositoryTree.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value.Replace("$(ExtVersion)", ExtVersion(), StringComparison.Ordinal));
        Assert.All(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency"),
            dependency => Assert.Equal(
                dependency.Attribute("id")!.Value.StartsWith("RemoteAccess.", StringComparison.Ordinal) ? Value("version") : pinned[dependency.Attribute("id")!.Value],
                dependency.Attribute("version")!.Value));
    }

    private static string ExtVersion() => XDocument.Parse(RepositoryTree.Read("Directory.Packages.props")).Descendants("ExtVersion").Single().Value;

    // Without what NuGet itself adds: its own metadata, one part of it named by a random number.
    private static SortedDictionary<string, byte[]> Entries(string folder, string name, string extension)
    {
        var path = Directory.GetFiles(folder, $"{name}.*.{extension}").Single(file => char.IsAsciiDigit(Path.GetFileName(file)[name.Length + 1]));
        using var archive = ZipFile.OpenRead(path);
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries.Where(entry => !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal)
            && !entry.FullName.StartsWith("package/", StringComparison.Ordinal) && entry.FullName != "[Content_Types].xml"))
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            entries[entry.FullName] = content.ToArray();
        }

        return entries;
    }
}
