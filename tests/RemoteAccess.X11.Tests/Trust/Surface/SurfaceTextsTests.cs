using System.Globalization;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed partial class SurfaceTextsTests
{
    private const int MaxLength = 200;

    // Words that are alike in some pair of languages.
    private static readonly string[] MayBeAlike = ["page.notices", "page.notices.count", "page.chat", "key.modifiers", "key.stop", "key.open", "grant.Damaged", "tour.skip", "report.open"];

    public static TheoryData<string> Languages => [.. SurfaceTexts.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfEachLanguage_HaveTheSameKeysAndPlaceholders(string language)
    {
        SurfaceTexts english = Texts("en"), texts = Texts(language);

        Assert.Equal(language, texts.Language);
        Assert.Equal(english.All.Keys.Order(StringComparer.Ordinal), texts.All.Keys.Order(StringComparer.Ordinal));
        Assert.All(english.All, text => Assert.Equal(Placeholders(text.Value), Placeholders(texts[text.Key])));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfEachLanguage_AreTidyAndHarmless(string language)
    {
        foreach ((string key, string text) in Texts(language).All)
        {
            Assert.True(text.Length is > 0 and <= MaxLength, $"{key}: {text.Length} characters");
            Assert.Equal(HarmlessText.Line(text), text);
            Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfOtherLanguages_LeaveNothingUntranslated(string language)
    {
        if (language == "en") return;
        SurfaceTexts english = Texts("en"), texts = Texts(language);

        Assert.Empty(english.All.Where(text => !MayBeAlike.Contains(text.Key) && texts[text.Key] == text.Value).Select(text => text.Key));
        Assert.All(texts.All.Values, text => Assert.DoesNotMatch(EnglishWords(), text));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_EachOperationAndGrantState_HasWords(string language)
    {
        SurfaceTexts texts = Texts(language);
        string[] words = [.. Enum.GetValues<Operations>().Where(one => uint.IsPow2((uint)one)).Select(one => texts[$"op.{one}"]), .. Enum.GetValues<GrantState>().Select(state => texts[$"grant.{state}"])];

        Assert.Equal(16, words.Distinct().Count());
    }

    /// <summary>The tour shows where to stop, to block and to revoke: by the words that stand there.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfTheTour_NameWhatStandsOnTheStripAndInTheWindow(string language)
    {
        SurfaceTexts texts = Texts(language);

        Assert.Contains(texts["banner.stop"], texts["tour.2.text"], StringComparison.Ordinal);
        Assert.Contains(texts["page.block"], texts["tour.3.text"], StringComparison.Ordinal);
        foreach (string page in (ReadOnlySpan<string>)["page.revoke", "page.history", "page.report"])
            Assert.Contains(texts[page], texts["tour.4.text"], StringComparison.Ordinal);
    }

    /// <summary>Everything at the largest scale on a small monitor, in the letters of the language.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Surface_LargestScaleOnASmallMonitor_FitsAcross(string language)
    {
        SurfaceStatus status = ScriptedAgent.Watched with { Folders = [ScriptedAgent.Folder, ScriptedAgent.HostFolder], AreFoldersDamaged = true, Notices = [ScriptedAgent.GrantNotice], BlockedUntil = ScriptedAgent.Began.AddDays(1) };
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(status, options: options => options with { Culture = CultureInfo.GetCultureInfo(language), Scale = 3 });
        await Eventually.Is(() => scene.Look is { Window: not null, Notice: not null, Banners.Count: 1 } && scene.Banner.IsSeen, "everything is shown");
        BannerLook banner = scene.Banner;

        Assert.True(banner.Area.X >= 0 && banner.Area.Right <= 1100 && banner.Details.X > banner.Area.X && banner.Details.Right < banner.Stop.X && banner.Stop.Right < banner.Area.Right);
        foreach (SheetLook look in new[] { scene.Look.Window!, scene.Look.Notice! })
        {
            Assert.True(look.Area.Width <= 1100 && look.Area.Height <= 900);
            Assert.All(look.Controls, control => Assert.True(control.Area.X >= 0 && control.Area.Right <= look.Area.Width, control.Id));
            Assert.All(Pairs(look.Controls), pair => Assert.True(pair.First.Area.Intersect(pair.Second.Area).IsEmpty, $"{pair.First.Id} and {pair.Second.Id}"));
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Tour_LargestScaleOnASmallMonitor_FitsAcross(string language)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(withTour: true, options: options => options with { Culture = CultureInfo.GetCultureInfo(language), Scale = 3 });
        SheetLook look = scene.Look.Tour!;

        Assert.True(look.Area.Width <= 1100 && look.Area.Height <= 900);
        Assert.All(look.Controls, control => Assert.True(control.Area.X >= 0 && control.Area.Right <= look.Area.Width, control.Id));
        Assert.Null(scene.Look.Window);
    }

    [Theory]
    [InlineData("de-AT", "de")]
    [InlineData("nl-NL", "en")]
    [InlineData("", "en")]
    public void For_ACulture_IsItsLanguageOrEnglish(string culture, string language) => Assert.Equal(language, Texts(culture).Language);

    [Fact]
    public void EndOf_DayWhoseMidnightIsLeftOut_IsTheFirstMomentThereIs()
    {
        // Cairo put its clocks forward at midnight on 26 April 2024.
        SurfaceTimes times = new(Texts("en"), CultureInfo.GetCultureInfo("en-GB"), TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo"));

        Assert.Equal(new DateTimeOffset(2024, 4, 25, 22, 0, 0, TimeSpan.Zero), times.EndOf(new DateOnly(2024, 4, 25)).ToUniversalTime());
    }

    [Theory]
    [InlineData("a\u0007b\u202ec\u200bd", "a b c d")]
    [InlineData("e\u0301\u0301\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\u0301")]
    [InlineData("abcdefghijkl", "abcdefghi…")]
    public void Line_HostileWords_AreHarmless(string text, string expected) => Assert.Equal(expected, HarmlessText.Line(text, 10));

    private static IEnumerable<(Control First, Control Second)> Pairs(IReadOnlyList<Control> controls) =>
        controls.SelectMany((first, i) => controls.Skip(i + 1).Select(second => (first, second)));

    private static SurfaceTexts Texts(string culture) => SurfaceTexts.For(CultureInfo.GetCultureInfo(culture));

    private static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?i)\b(the|you|your|with|and|computer is|technician)\b")]
    private static partial Regex EnglishWords();
}
