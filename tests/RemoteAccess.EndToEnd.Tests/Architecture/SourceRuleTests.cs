namespace RemoteAccess.Tests.Architecture;

public sealed class SourceRuleTests
{
    private const int MaxLines = 400;

    public static TheoryData<string> Rules => [.. SourceRule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void SourceRule_WholeTree_Holds(string name)
    {
        var rule = SourceRule.All.Single(candidate => candidate.Name == name);
        var offences = rule.Folders
            .SelectMany(folder => RepositoryTree.Files(folder, "*.cs"))
            .Where(path => Path.GetFileName(path) is not "SourceRule.cs")
            .SelectMany(path => rule.OffendingLines(RepositoryTree.Read(path)).Select(line => $"{path}:{line}"))
            .ToList();

        Assert.True(offences.Count == 0, $"{name}: {rule.Instead}\n{string.Join('\n', offences)}");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void SourceRule_ItsExamples_AreToldApart(string name)
    {
        var rule = SourceRule.All.Single(candidate => candidate.Name == name);

        Assert.NotEmpty(rule.OffendingLines(rule.Offence));
        Assert.Empty(rule.OffendingLines(rule.Innocent));
    }

    // The generator of log messages takes the parts of a class in either order: of one in two files, two builds differ.
    [Fact]
    public void LoggingClass_OfAProject_StandsInOneFile()
    {
        var inTwo = RepositoryTree.Files("src", "*.cs")
            .Where(path => RepositoryTree.Read(path).Contains("[LoggerMessage(", StringComparison.Ordinal))
            .GroupBy(path => (Project: path.Split('/')[1], Space: LineWith(path, "namespace "), Class: LineWith(path, "partial class ")))
            .Where(files => files.Count() > 1)
            .Select(files => string.Join(" and ", files));

        Assert.Empty(inTwo);

        static string LineWith(string path, string word) => RepositoryTree.Read(path).Split('\n').First(line => line.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void SourceFile_Length_IsAtMostFourHundredLines()
    {
        var long_ = RepositoryTree.Files(".", "*.cs")
            .Select(path => (Path: path, Lines: RepositoryTree.Read(path).AsSpan().Count('\n')))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Path}: {file.Lines} lines");

        Assert.Empty(long_);
    }

    [Theory]
    [InlineData("a // DateTime.Now\nb", "a                \nb")]
    [InlineData("x(\"a \\\" // b\"); y", "x(           ); y")]
    [InlineData("x(@\"a\"\"\\\"); y", "x(       ); y")]
    [InlineData("x(\"\"\"a \" b\"\"\"); '\"' y", "x(           );     y")]
    [InlineData("a /* 1\n2 */ b", "a     \n     b")]
    public void CodeOnly_ProseInSource_IsBlankedInPlace(string source, string expected) => Assert.Equal(expected, CSharpText.CodeOnly(source));
}
