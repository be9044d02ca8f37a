using System.Reflection;

namespace RemoteAccess.Tests.Architecture;

/// <summary>Folders are for eyes, namespaces for callers: five, whatever the folders below them.</summary>
public sealed class NamespaceTests(ITestOutputHelper output)
{
    private static readonly string[] PublicNamespaces =
        ["RemoteAccess", "RemoteAccess.Picture", "RemoteAccess.Transport", "RemoteAccess.Trust", "RemoteAccess.Sessions"];

    private static readonly string[] KindFolders =
        ["Abstractions", "Implementation", "Implementations", "Models", "Services", "Helpers", "Managers", "Utils", "Utilities", "Common", "Misc", "Extensions", "Dtos", "Enums", "Interfaces"];

    public static TheoryData<string> Products => ProductAssemblies.AsTheory;

    [Theory]
    [MemberData(nameof(Products))]
    public void PublicTypes_Namespaces_AreTheFive(string name)
    {
        var types = ProductAssemblies.Load(name).GetExportedTypes();
        output.WriteLine($"{name}: {types.Length} public types");

        Assert.DoesNotContain(types, type => !PublicNamespaces.Contains(type.Namespace));
    }

    // `Encoding`, `Channel`, `Timeout` and `Session` as the end of a namespace hide the BCL's names from everybody inside RemoteAccess.
    [Theory]
    [MemberData(nameof(Products))]
    public void Namespaces_Endings_HideNoNameOfTheFramework(string name)
    {
        string[] hiding = ["Encoding", "Channel", "Timeout", "Session"];
        var namespaces = ProductAssemblies.Load(name).GetTypes()
            .Select(type => type.Namespace).OfType<string>().Where(text => text.StartsWith("RemoteAccess", StringComparison.Ordinal)).Distinct();

        Assert.DoesNotContain(namespaces, text => hiding.Contains(text[(text.LastIndexOf('.') + 1)..]));
    }

    [Fact]
    public void Folders_OfSources_AreStepsOfAFlowNotKindsOfClasses()
    {
        var offences = new[] { "src", "tests", "samples", "benchmarks" }
            .SelectMany(top => RepositoryTree.Files(top, "*.cs"))
            .SelectMany(path => path.Split('/')[1..^1])
            .Distinct()
            .Intersect(KindFolders);

        Assert.Empty(offences);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Classes_NobodyDerivesFrom_AreSealed(string name)
    {
        var types = ProductAssemblies.Load(name).GetTypes();
        var bases = types.Select(type => type.BaseType).OfType<Type>().Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type).ToHashSet();
        var open = types
            .Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !bases.Contains(type))
            .Where(type => type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null && !type.Name.Contains('<', StringComparison.Ordinal));

        Assert.Empty(open.Select(type => type.FullName));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void PublicTypes_NamesOfTheFramework_AreNotTaken(string name)
    {
        string[] taken = ["Size", "Rectangle", "Screen", "Point", "Session", "Channel", "Timeout", "Encoding"];

        Assert.DoesNotContain(ProductAssemblies.Load(name).GetExportedTypes(), type => taken.Contains(type.Name));
    }
}
