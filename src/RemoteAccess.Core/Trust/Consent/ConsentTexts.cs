using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// The words of the prompts in one language: a resource <c>key = text</c> a line, in the assembly itself, so that no satellite can be lost when
/// an agent is trimmed or published as one file.
/// </summary>
internal sealed class ConsentTexts
{
    /// <summary>The languages there are, by ISO 639-1 code; the first is the one for everybody else.</summary>
    public static readonly string[] Languages = ["en", "de", "es", "fr", "ja"];

    private static readonly Dictionary<string, Lazy<ConsentTexts>> Loaded =
        Languages.ToDictionary(language => language, language => new Lazy<ConsentTexts>(() => new ConsentTexts(language)));

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    private ConsentTexts(string language)
    {
        Language = language;
        using Stream stream = typeof(ConsentTexts).Assembly.GetManifestResourceStream($"RemoteAccess.Trust.ConsentTexts.{language}.txt")
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

    /// <summary>The texts of a culture's language; English for a language there is none of.</summary>
    public static ConsentTexts For(CultureInfo culture) => Loaded.TryGetValue(culture.TwoLetterISOLanguageName, out Lazy<ConsentTexts>? texts) ? texts.Value : Loaded[Languages[0]].Value;

    /// <summary>The text with its placeholders filled. What is filled in is taken as it is: braces in it mean nothing.</summary>
    public string Fill(string key, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, texts[key], values);
}
