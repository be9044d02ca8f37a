using System.Collections.Concurrent;
using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The words of the window for a password, in one language.</summary>
internal sealed class EnrolmentTexts : LanguageTexts
{
    private static readonly ConcurrentDictionary<string, EnrolmentTexts> Loaded = new(StringComparer.Ordinal);

    private EnrolmentTexts(string language) : base(typeof(EnrolmentTexts).Assembly, nameof(EnrolmentTexts), language)
    {
    }

    /// <summary>The texts of a culture's language; English for a language there is none of.</summary>
    public static EnrolmentTexts For(CultureInfo culture) => Choose(Loaded, static language => new EnrolmentTexts(language), culture);
}
