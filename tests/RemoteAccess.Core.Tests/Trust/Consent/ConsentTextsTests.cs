using System.Globalization;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

public sealed partial class ConsentTextsTests
{
    private const int MaxLength = 160;

    // Names of keys and units are alike in some pair of languages; nothing else may be.
    private static readonly string[] MayBeAlike = ["quote", "terminal.word"];

    public static TheoryData<string> Languages => [.. ConsentTexts.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfEachLanguage_HaveTheSameKeysAndPlaceholders(string language)
    {
        ConsentTexts english = Texts("en"), texts = Texts(language);

        Assert.Equal(language, texts.Language);
        Assert.Equal(english.All.Keys.Order(), texts.All.Keys.Order());
        Assert.All(english.All, text => Assert.Equal(Placeholders(text.Value), Placeholders(texts[text.Key])));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfEachLanguage_AreTidyAndNotTooLong(string language)
    {
        foreach ((string key, string text) in Texts(language).All)
        {
            Assert.True(text.Length is > 0 and <= MaxLength, $"{key}: {text.Length} characters");
            Assert.Equal(text.Trim(), text);
            Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
            Assert.True(PlainText.IsAcceptable(text, 1000), key);
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfOtherLanguages_LeaveNothingUntranslated(string language)
    {
        if (language == "en") return;
        ConsentTexts english = Texts("en"), texts = Texts(language);

        Assert.Empty(english.All.Where(text => !MayBeAlike.Contains(text.Key) && texts[text.Key] == text.Value).Select(text => text.Key));
        Assert.All(texts.All.Values, text => Assert.DoesNotMatch(EnglishWords(), text));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_EachOperation_HasPlainWordsOfItsOwn(string language)
    {
        ConsentTexts texts = Texts(language);
        string[] words = [.. Enum.GetValues<Operations>().Where(one => uint.IsPow2((uint)one)).Select(one => texts[$"op.{one}"])];

        Assert.Equal(10, words.Length);
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.Equal(words.Length, texts.All.Keys.Count(key => key.StartsWith("op.", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_WordOfTheTerminal_CanBeTypedOnAnyKeyboard(string language) => Assert.Matches("^[a-z]{5,12}$", Texts(language)["terminal.word"]);

    [Theory]
    [MemberData(nameof(Languages))]
    public void Prompt_InEachLanguage_HasNoGapAndNoPlaceholderLeft(string language)
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Unattended with { Operations = Operations.All }, language);

        Assert.DoesNotMatch(@"\{\d|\(\)", prompt.Text);
        Assert.Contains(Texts(language)["answer.refuse"], prompt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de-AT", "de")]
    [InlineData("fr-CA", "fr")]
    [InlineData("nl-NL", "en")]
    [InlineData("", "en")]
    public void For_ACulture_IsItsLanguageOrEnglish(string culture, string language) => Assert.Equal(language, Texts(culture).Language);

    [Fact]
    public void Prompt_LanguageWithoutTexts_HasTimesInTheLanguageOfTheWords()
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Unattended, "nl-NL");

        Assert.Contains("August", prompt.Text, StringComparison.Ordinal);
        Assert.Equal("en-GB", prompt.Culture.Name);
    }

    private static ConsentTexts Texts(string culture) => ConsentTexts.For(CultureInfo.GetCultureInfo(culture));

    private static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(match => match.Value).Order();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?i)\b(the|you|your|with|and|computer is|technician)\b")]
    private static partial Regex EnglishWords();
}
