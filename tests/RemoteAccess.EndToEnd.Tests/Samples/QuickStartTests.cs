using System.Globalization;
using System.Text.RegularExpressions;

namespace RemoteAccess.Tests;

/// <summary>README's main command.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class QuickStartTests
{
    [Fact]
    public async Task QuickStart_WithoutADisplay_ShowsADrawnDesktop()
    {
        string folder = Directory.CreateTempSubdirectory("ra-quick-").FullName;

        Ran ran = (await SampleProgram.RunAsync(SampleProgram.QuickStart, [], directory: folder)).Succeeded();

        AssertWholeStory(ran, "a virtual desktop, 1920x1080, because there is no display here (DISPLAY is not set)", new PixelSize(1920, 1080), folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task QuickStart_WithADisplayAndNobodyToAsk_DoesNotShowIt()
    {
        await using Desk desk = await Desk.OpenAsync();
        string folder = Directory.CreateTempSubdirectory("ra-quick-").FullName;

        Ran ran = (await SampleProgram.RunAsync(SampleProgram.QuickStart, [], display: desk.Display, directory: folder)).Succeeded();

        Assert.Contains("Nobody is at the terminal to agree, so the answer is no.", ran.Output, StringComparison.Ordinal);
        AssertWholeStory(ran, "because you did not agree to show your own screen", new PixelSize(1920, 1080), folder);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("no\n")]
    public async Task QuickStart_AtATerminalWithoutAYes_DoesNotShowTheDisplay(string answer)
    {
        await using Desk desk = await Desk.OpenAsync();
        string folder = Directory.CreateTempSubdirectory("ra-quick-").FullName;

        Ran ran = (await AtATerminalAsync(desk, answer, folder)).Succeeded();

        AssertWholeStory(ran, "because you did not agree to show your own screen", new PixelSize(1920, 1080), folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task QuickStart_AtATerminalWithAYes_SharesTheRealScreen()
    {
        await using Desk desk = await Desk.OpenAsync();
        string typed = desk.PathOf("typed");
        await desk.ShowTerminalAsync($"cat > {typed}; exec sleep 600", "typed");
        string folder = Directory.CreateTempSubdirectory("ra-quick-").FullName;

        Ran ran = (await AtATerminalAsync(desk, "yes\n", folder)).Succeeded();

        AssertWholeStory(ran, $"your own, display {desk.Display}", new PixelSize(800, 600), folder);
        // Twenty-five cells of the terminal's font, in its first line.
        Match found = Regex.Match(ran.Output, @"found it in the picture at (\d+)x(\d+)\+(\d+)\+(\d+), by which of its letters are equal\.");
        Assert.True(found.Success, ran.Output);
        int[] area = [.. found.Groups.Values.Skip(1).Select(value => int.Parse(value.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(0, area[0] % "Hello from the other side".Length);
        Assert.True(area is [>= 100, >= 8 and < 30, < 10, < 10], found.Value);
        Assert.Contains("may be typed: the line \"Hello from the other side\", and 20 dots, each of which is deleted again.", ran.Output, StringComparison.Ordinal);
        Assert.False(desk.Client.IsAnyKeyDown);
        // The line was typed without Return; a person ends it, and cat has it.
        await desk.Server.RunAsync("xdotool", "key", "Return");
        await Eventually.Is(() => new FileInfo(typed).Length > 0, "cat has a line");
        Assert.Equal("Hello from the other side\n", await File.ReadAllTextAsync(typed));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task QuickStart_IntoAWindowThatShowsSomethingElse_DoesNotClaimToHaveFoundTheLine()
    {
        await using Desk desk = await Desk.OpenAsync();
        string ready = desk.PathOf("ready");
        await desk.ShowTerminalAsync($"stty -echo -icanon min 1; touch {ready}; while :; do dd bs=1 count=1 of=/dev/null 2>&1 | grep -q nothing; printf '*'; done", "ready");
        string folder = Directory.CreateTempSubdirectory("ra-quick-").FullName;

        Ran ran = (await AtATerminalAsync(desk, "yes\n", folder)).Succeeded();

        Assert.Contains("found a change in the picture at ", ran.Output, StringComparison.Ordinal);
        Assert.Contains(", in which its letters cannot be told.", ran.Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task QuickStart_OnAScreenWhereNoWindowTakesKeys_SaysSoAndEndsWell()
    {
        await using Desk desk = await Desk.OpenAsync();
        string folder = Directory.CreateTempSubdirectory("ra-quick-").FullName;

        Ran ran = (await AtATerminalAsync(desk, "yes\n", folder)).Succeeded();

        Assert.Contains("saw nothing change: no window took it.", ran.Output, StringComparison.Ordinal);
        Assert.Contains("not measured, because nothing on the screen changes with a keystroke.", ran.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "quickstart.png")));
        Directory.Delete(folder, recursive: true);
    }

    private static Task<Ran> AtATerminalAsync(Desk desk, string answer, string folder)
    {
        Programs.Require("script", "xdotool");
        return SampleProgram.RunAsync("script", ["-qec", SampleProgram.QuickStart, "/dev/null"], answer, desk.Display, folder);
    }

    private static void AssertWholeStory(Ran ran, string screen, PixelSize size, string folder)
    {
        string said = ran.Output.Replace("\r", "", StringComparison.Ordinal);
        string[] inOrder =
        [
            "RemoteAccess quick start: agent and viewer in one process", "1  Screen      ", screen, "2  Consent     ", "agreed: \"", "its access code was generated and is kept nowhere",
            "Agent: Quick Start is connected, may ViewScreen, ControlInput", "3  Connected   handshake ", $"4  Picture     {size}, ", "Typed \"Hello from the other side\" and found ", " in the picture at ",
            "Input to picture: median ", "over 40 keystrokes", "Saved ", "quickstart.png", "5  What the customer can read afterwards:", "agreed to unattended support", "connected from tcp 127.0.0.1:", "began to see the screen.",
            "began to use keyboard and mouse.", "The session ended after ", "Used: see the screen, use keyboard and mouse.", "The ledger is intact: 5 entries, 5 of them signed",
        ];
        int at = 0;
        foreach (string words in inOrder)
        {
            int found = said.IndexOf(words, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"Not said in order: {words}\n{said}\n{ran.Error}");
            at = found;
        }

        (PixelSize real, byte[] rgb) = PngReader.Read(File.ReadAllBytes(Path.Combine(folder, "quickstart.png")));
        Assert.Equal(size, real);
        Assert.True(rgb.Distinct().Count() > 1, "The picture is empty.");
        Assert.Equal(["quickstart.png"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }
}
