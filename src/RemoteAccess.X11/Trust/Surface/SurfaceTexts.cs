using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The words of the surface in one language: a resource <c>key = text</c> a line, in the assembly itself, as the prompt's.</summary>
internal sealed class SurfaceTexts
{
    /// <summary>The languages there are, by ISO 639-1 code; the first is the one for everybody else.</summary>
    public static readonly string[] Languages = ["en", "de", "es", "fr", "ja"];

    private static readonly Dictionary<string, Lazy<SurfaceTexts>> Loaded =
        Languages.ToDictionary(language => language, language => new Lazy<SurfaceTexts>(() => new SurfaceTexts(language)));

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    private SurfaceTexts(string language)
    {
        Language = language;
        using Stream stream = typeof(SurfaceTexts).Assembly.GetManifestResourceStream($"RemoteAccess.Trust.SurfaceTexts.{language}.txt")
            ?? throw new InvalidOperationException($"The texts for '{language}' are missing in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            int equals = line.IndexOf(" = ", StringComparison.Ordinal);
            if (equals > 0) texts.Add(line[..equals], line[(equals + 3)..]);
        }
    }

    public string Language { get; }

    public IReadOnlyDictionary<string, string> All => texts;

    /// <summary>The text as it stands.</summary>
    public string this[string key] => texts[key];

    public static SurfaceTexts For(CultureInfo culture) => Loaded.TryGetValue(culture.TwoLetterISOLanguageName, out Lazy<SurfaceTexts>? texts) ? texts.Value : Loaded[Languages[0]].Value;

    /// <summary>The text with its placeholders filled. What is filled in is taken as it is: braces in it mean nothing.</summary>
    public string Fill(string key, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, texts[key], values);

    /// <summary>A key chord as the keyboards of the language name it.</summary>
    public string Chord(string key) => $"{texts["key.modifiers"]}+{texts[key]}";
}
