using System.Globalization;
using System.Text.RegularExpressions;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>docs/testing.md: its snippets are lines of this file, and do what the text says.</summary>
public sealed class TestingGuideTests
{
    [Fact]
    public async Task Snippets_Run()
    {
        await using var desktop = new VirtualDesktop(new VirtualDesktopOptions { Size = new PixelSize(1280, 800) });
        desktop.TypeAsCustomer("The printer is out of paper.");
        desktop.ClickAsCustomer(VirtualPart.LampButton);

        Assert.Equal("The printer is out of paper.", desktop.Text);
        Assert.True(desktop.LampIsOn);

        byte[] picture = desktop.CopyPixels();
        PixelSize size = desktop.Layout.Size;
        Assert.True(DrawnText.TryFind(picture, size, stride: size.Width * 4, "out of paper", out PixelRect found));
        Assert.Equal(found, found.Intersect(desktop.AreaOf(VirtualPart.TextField)));

        var customer = new ScriptedCustomer { Name = "Erika Beispiel", Consents = true };
        bool agreed = customer.Answer("Contoso may look after this computer until Friday.");
        Assert.True(agreed);

        var prompt = new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Refuse);
        var presence = new CustomerPresence { Desk = new ConsentDesk(prompt), IdleTime = () => TimeSpan.Zero, Name = customer.ConsentedBy };
        Assert.Empty(prompt.Asked);
        ConsentPrompt question = ConsentPrompt.Create(
            new ConsentRequest { Kind = ConsentKind.SessionStart, Operations = Operations.ViewScreen, TechnicianName = "Alex Tester" }, CultureInfo.InvariantCulture, TimeZoneInfo.Utc);
        foreach (ConsentDecision expected in (ConsentDecision[])[ConsentDecision.Allow, ConsentDecision.Refuse, ConsentDecision.Refuse])
            Assert.Equal(expected, (await presence.Desk.AskAsync(question, presence.Name, TestContext.Current.CancellationToken)).Answer.Decision);
        Assert.Equal(3, prompt.Asked.Count);

        using var file = new MemoryStream();
        PngWriter.Write(file, size, stride: size.Width * 4, picture);
        Assert.NotEqual(0, file.Length);
    }

    [Fact]
    public void Snippets_InTheGuide_AreThoseOfThisFile()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "RemoteAccess.sln"))) root = root.Parent;
        Assert.NotNull(root);
        string guide = File.ReadAllText(Path.Combine(root.FullName, "docs", "testing.md"));
        string source = Plain(File.ReadAllText(Path.Combine(root.FullName, "tests", "RemoteAccess.Testing.Tests", "TestingGuideTests.cs")));
        MatchCollection snippets = Regex.Matches(guide, "```csharp\n(.*?)```", RegexOptions.Singleline);
        Assert.Equal(5, snippets.Count);
        Assert.All(snippets, snippet => Assert.Contains(Plain(snippet.Groups[1].Value), source, StringComparison.Ordinal));
    }

    private static string Plain(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));
}
