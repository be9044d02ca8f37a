using System.Collections.Concurrent;
using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The words of notices in one language.</summary>
internal sealed class NoticeTexts : LanguageTexts
{
    private static readonly ConcurrentDictionary<string, NoticeTexts> Loaded = new(StringComparer.Ordinal);

    private NoticeTexts(string language) : base(typeof(NoticeTexts).Assembly, nameof(NoticeTexts), language)
    {
    }

    /// <summary>The texts of a culture's language; English for a language there is none of.</summary>
    public static NoticeTexts For(CultureInfo culture) => Choose(Loaded, static language => new NoticeTexts(language), culture);
}
