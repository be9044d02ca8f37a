using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests.Packaging;

/// <summary>Each package's public surface is a reviewed text: a change shows in <c>src/*/PublicApi.txt</c> or fails here.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Products => ProductAssemblies.AsTheory;

    [Theory]
    [MemberData(nameof(Products))]
    public void PublicApi_OfPackage_IsTheCommittedText(string name)
    {
        var path = Path.Combine(RepositoryTree.Root, "src", name, "PublicApi.txt");
        var now = PublicSurface.Describe(ProductAssemblies.Load(name));
        if (Environment.GetEnvironmentVariable("REMOTEACCESS_ACCEPT_API") == "1")
        {
            File.WriteAllText(path, now);
        }

        var committed = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            committed == now,
            $"The public surface of {name} differs from src/{name}/PublicApi.txt. If that is meant, run eng/accept-api.sh and commit the file.\n{LineDifference.Between(committed, now)}");
    }

    [Fact]
    public void PublicApi_SampleTypes_AreDescribedAsTheyAreDeclared()
    {
        var description = PublicSurface.Describe(typeof(PublicApiTests).Assembly);

        Assert.Contains("\npublic abstract class RemoteAccess.Tests.Packaging.SurfaceSample<T> : IDisposable where T : class, new()\n", description, StringComparison.Ordinal);
        Assert.Contains("\n    protected SurfaceSample(int count = 3)\n", description, StringComparison.Ordinal);
        Assert.Contains("\n    protected abstract void Hidden()\n", description, StringComparison.Ordinal);
        Assert.Contains("\n    required string Name { get; init; }\n", description, StringComparison.Ordinal);
        Assert.Contains("\n    static bool TryRead(ReadOnlySpan<byte> bytes, out long? value, params string[] rest)\n", description, StringComparison.Ordinal);
        Assert.Contains("\n    const byte Limit = 7\n", description, StringComparison.Ordinal);
        Assert.DoesNotContain("Private", string.Join('\n', description.Split('\n').Where(line => line.Contains("Sample", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("public readonly record struct RemoteAccess.Tests.Packaging.SurfaceSampleValue : IEquatable<SurfaceSampleValue>\n", description, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_ChangedTexts_NamesTheChangedLinesOnly() =>
        Assert.Equal("- b\n+ B\n+ d", LineDifference.Between("a\nb\nc", "a\nB\nc\nd").Replace("+ B\n- b", "- b\n+ B", StringComparison.Ordinal));
}

/// <summary>What <see cref="PublicApiTests"/> describes.</summary>
public abstract class SurfaceSample<T> : IDisposable
    where T : class, new()
{
    public const byte Limit = 7;

    protected SurfaceSample(int count = 3) => PrivateCount = count;

    public required string Name { get; init; }

    private int PrivateCount { get; }

    public void Dispose() => GC.SuppressFinalize(this);

    protected abstract void Hidden();

    public override string ToString() => $"{Name} {PrivateCount}";
}

public readonly record struct SurfaceSampleValue(int Width)
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long? value, params string[] rest)
    {
        value = bytes.Length + rest.Length;
        return true;
    }
}
