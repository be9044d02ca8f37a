using System.Text.RegularExpressions;

namespace RemoteAccess.Tests.Architecture;

/// <summary>A clone works on any machine: no committed text names a path or a package feed of one.</summary>
public sealed class CommittedTextTests
{
    // Written in halves, because this file is committed text too.
    private static readonly string[] Forbidden =
    [
        @"(?<![\w./-])/wo" + @"rk/", @"(?<![\w./-])/ho" + @"me/\w+/", @"(?<![\w./-])/Us" + @"ers/\w+/", @"(?<![\w./-])/ro" + @"ot/", @"[A-Za-z]:\\Us" + @"ers\\",
        @"\.\./sha" + "red", "nuget" + @"\.org", "npm" + @"js\.(org|com)", "pypi" + @"\.org", @"/v3/in" + @"dex\.json", @"""resol" + @"ved""\s*:\s*""http",
        @"<packageSo" + @"urces>",
    ];

    [Theory]
    [InlineData("see /wo|rk/x")]
    [InlineData("cd ../sha|red")]
    [InlineData("https://api.nuget|.org/")]
    [InlineData("\"resol|ved\": \"https://x\"")]
    public void Pattern_OffendingText_IsFound(string text) => Assert.Contains(Forbidden, pattern => Regex.IsMatch(text.Replace("|", "", StringComparison.Ordinal), pattern));

    [Theory]
    [InlineData("src/network/x and ./work/y")]
    [InlineData("https://example.org/home/page")]
    public void Pattern_InnocentText_IsNotFound(string text) => Assert.DoesNotContain(Forbidden, pattern => Regex.IsMatch(text, pattern));

    [Fact]
    public void CommittedText_PathsAndFeedsOfAMachine_AreNotNamed()
    {
        var offences =
            from path in RepositoryTree.Files()
            let text = RepositoryTree.Read(path)
            where !text.Contains('\0', StringComparison.Ordinal)
            from pattern in Forbidden
            from match in Regex.Matches(text, pattern)
            select $"{path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}";

        Assert.Empty(offences);
    }
}
