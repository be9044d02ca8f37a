using System.Collections.Concurrent;
using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The words of the surface in one language.</summary>
internal sealed class SurfaceTexts : LanguageTexts
{
    private static readonly ConcurrentDictionary<string, SurfaceTexts> Loaded = new(StringComparer.Ordinal);

    private SurfaceTexts(string language) : base(typeof(SurfaceTexts).Assembly, nameof(SurfaceTexts), language)
    {
    }

    /// <summary>The texts of a culture's language; English for a language there is none of.</summary>
    public static SurfaceTexts For(CultureInfo culture) => Choose(Loaded, static language => new SurfaceTexts(language), culture);

    /// <summary>A key chord as the keyboards of the language name it.</summary>
    public string Chord(string key) => $"{this["key.modifiers"]}+{this[key]}";
}
