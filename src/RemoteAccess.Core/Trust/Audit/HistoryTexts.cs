using System.Collections.Concurrent;
using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The words of the history in one language.</summary>
internal sealed class HistoryTexts : LanguageTexts
{
    private static readonly ConcurrentDictionary<string, HistoryTexts> Loaded = new(StringComparer.Ordinal);

    private HistoryTexts(string language) : base(typeof(HistoryTexts).Assembly, nameof(HistoryTexts), language)
    {
    }

    /// <summary>The texts of a culture's language; English for a language there is none of.</summary>
    public static HistoryTexts For(CultureInfo culture) => Choose(Loaded, static language => new HistoryTexts(language), culture);
}
