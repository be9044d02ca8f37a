using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Pictures of the prompt, for the docs and to be looked at (<see cref="TakenPicture"/>), in the colours and with the parts that it should have.</summary>
public sealed class PromptPictures
{
    [Theory]
    [InlineData("en-GB", 1, false, "usual", "prompt")]
    [InlineData("en-GB", 1, true, "long", "prompt-long")]
    [InlineData("de-DE", 1, false, "long", "prompt-de-long")]
    [InlineData("de-DE", 2, false, "usual", "prompt-de-2")]
    [InlineData("ja-JP", 1, false, "usual", "prompt-ja")]
    [InlineData("ja-JP", 2, true, "usual", "prompt-ja-2")]
    [InlineData("de-DE", 1, true, "unverified", "prompt-unverified")]
    [InlineData("fr-FR", 1, false, "usual", "prompt-fr")]
    [InlineData("es-ES", 1, true, "unverified", "prompt-es")]
    public async Task Prompt_Picture_HasItsColoursWordsAndButtons(string language, double scale, bool highContrast, string request, string name)
    {
        Programs.Require("Xvfb", "xwd");
        await using XServer server = await XServer.StartXvfbAsync(1300, 1700);
        await using PromptWindow window = new(PromptScene.Prompt(language, request), new X11ConsentPromptOptions { Display = server.Display, Scale = scale, HighContrast = highContrast });
        await window.StartAsync(CancellationToken.None);
        await Eventually.Is(() => window.State.IsActive, "the prompt is active");

        // Its seconds run, so it is never still for long.
        TakenPicture picture = TakenPicture.Of(await server.DumpAsync(), window.State.Area);

        picture.Keep(name);
        Palette palette = highContrast ? Palette.HighContrast : Palette.Normal;
        Assert.Equal(palette.Paper, picture.MostCommon);
        Assert.True(picture.Count(palette.Text) > 500, "words are on it");
        Assert.True(picture.Count(palette.Ring) > 100, "what has the focus has a ring");
        // Who is verified stands on one ground, who is not on another.
        Assert.Equal(request == "usual", picture.Count(palette.Good) > 50);
        Assert.Equal(request != "usual", picture.Count(palette.BadPaper) > 500);
        foreach (PixelRect button in (PixelRect[])[window.State.Refuse, window.State.Allow]) Assert.True(picture.Colours(button) > 2, "a word is on the button");
    }
}
