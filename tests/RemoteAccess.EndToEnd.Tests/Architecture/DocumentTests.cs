using System.Text.RegularExpressions;

namespace RemoteAccess.Tests.Architecture;

/// <summary>Documents point at what exists and show code that is compiled.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => [.. RepositoryTree.Files(".", "*.md")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_RelativeLinks_LeadToFilesAndHeadings(string path)
    {
        var text = WithoutFences(RepositoryTree.Read(path));
        var broken = Link().Matches(text)
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !LeadsSomewhere(path, target));

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("docs/README.md")]
    public void Document_FilesNamedInCodeSpans_Exist(string path)
    {
        // Paths with a folder of this tree in front; commands and options in the span are allowed around them.
        var missing = TreePath().Matches(RepositoryTree.Read(path))
            .Select(match => match.Value.TrimEnd('.', '/'))
            .Where(name => !name.Contains('*', StringComparison.Ordinal) && !name.Contains("artifacts", StringComparison.Ordinal))
            .Where(name => !Path.Exists(Path.Combine(RepositoryTree.Root, name)));

        Assert.Empty(missing);
    }

    /// <summary>
    /// A fence below <c>&lt;!-- snippet: file#name --&gt;</c> must be the text between <c>// snippet: name</c> and <c>// end of snippet</c> of
    /// that file, which the build compiles.
    /// </summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_MarkedSnippets_AreTheCompiledText(string path)
    {
        foreach (Match snippet in Snippet().Matches(RepositoryTree.Read(path)))
        {
            var source = RepositoryTree.Read(snippet.Groups["file"].Value);
            var compiled = Regex.Match(source, $@"// snippet: {Regex.Escape(snippet.Groups["name"].Value)}\n(?<body>.*?)\n[ ]*// end of snippet", RegexOptions.Singleline);

            Assert.True(compiled.Success, $"{path} names a snippet that is not in {snippet.Groups["file"].Value}: {snippet.Groups["name"].Value}");
            Assert.Equal(Unindented(compiled.Groups["body"].Value), Unindented(snippet.Groups["body"].Value));
        }
    }

    private static bool LeadsSomewhere(string document, string target)
    {
        var parts = target.Split('#', 2);
        var file = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document) ?? "", Uri.UnescapeDataString(parts[0]));
        if (!Path.Exists(Path.Combine(RepositoryTree.Root, file)))
        {
            return false;
        }

        return parts.Length == 1 || !file.EndsWith(".md", StringComparison.Ordinal)
            || Heading().Matches(WithoutFences(RepositoryTree.Read(file))).Any(heading => Anchor(heading.Groups["text"].Value) == parts[1]);
    }

    // As hosting platforms make anchors of headings: lower case, spaces to hyphens, punctuation dropped.
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-');

    private static string WithoutFences(string text) => Fence().Replace(text, "");

    private static string Unindented(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length >= indent ? line[indent..].TrimEnd() : ""));
    }

    [GeneratedRegex(@"\[[^\]\n]*\]\((?<target>[^)\s]+)(\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<![\w./-])(src|tests|samples|benchmarks|docs|eng|protocol|clients)/[\w./*-]+")]
    private static partial Regex TreePath();

    [GeneratedRegex(@"<!-- snippet: (?<file>[^#\s]+)#(?<name>\S+) -->\n```\w*\n(?<body>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
