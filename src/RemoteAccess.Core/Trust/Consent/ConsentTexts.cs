using System.Collections.Concurrent;
using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The words of the prompts in one language.</summary>
internal sealed class ConsentTexts : LanguageTexts
{
    private static readonly ConcurrentDictionary<string, ConsentTexts> Loaded = new(StringComparer.Ordinal);

    private ConsentTexts(string language) : base(typeof(ConsentTexts).Assembly, nameof(ConsentTexts), language)
    {
    }

    /// <summary>The texts of a culture's language; English for a language there is none of.</summary>
    public static ConsentTexts For(CultureInfo culture) => Choose(Loaded, static language => new ConsentTexts(language), culture);
}
