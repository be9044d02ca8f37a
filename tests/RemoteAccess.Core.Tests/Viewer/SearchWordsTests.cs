using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace RemoteAccess.Tests;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("Müller", "MULLER")]
    [InlineData("MU\u0308LLER", "MULLER")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Łódź Ørsted Þór", "LODZ ORSTED THOR")]
    [InlineData("iıİI", "IIII")]
    [InlineData("ﬁ ２", "FI 2")]
    [InlineData("東京\u200e\u202e", "東京")]
    public void Fold_IsTheSameUnderEveryCulture(string text, string folded)
    {
        CultureInfo kept = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in (string[])["", "tr-TR", "de-DE", "ja-JP"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(folded, SearchWords.Fold(text));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = kept;
        }
    }

    /// <summary>Whatever is typed behind a query, word by word or within one, only removes results; also cut between the halves of a character.</summary>
    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void Split_AnyPrefixOfAQuery_FindsAllThatTheQueryFinds()
    {
        Gen<string> typed = Gen.Elements("a", "A", "ä", "a\u0308", "\u0308", "ß", "ss", "ﬁ", " ", "  ", "\t", ":", "ı", "İ", "각", "가", "😀", "\u200d", "\u3000", "½", "漢", "\ud83d", "Æ", "¨").ListOf().Select(string.Concat);
        int found = 0;
        Prop.ForAll(typed.ToArbitrary(), typed.ToArbitrary(), (query, nickname) =>
        {
            string searched = SearchWords.Fold(nickname);
            if (!Matches(query)) return;
            found++;
            for (int i = 0; i <= query.Length; i++) Assert.True(Matches(query[..i]), $"'{query[..i]}' does not find what '{query}' finds in '{nickname}'.");

            bool Matches(string words) => Array.TrueForAll(SearchWords.Split(words), word => searched.Contains(word, StringComparison.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        Assert.InRange(found, 100, int.MaxValue);
    }
}
