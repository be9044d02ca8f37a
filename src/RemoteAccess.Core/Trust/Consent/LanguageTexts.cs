using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace RemoteAccess.Trust;

/// <summary>
/// The words of one part of the product in one language: a resource <c>key = text</c> a line, in the assembly itself, so that no satellite can be lost when
/// an agent is trimmed or published as one file. The platform packages compile this file too.
/// </summary>
internal abstract class LanguageTexts
{
    /// <summary>The languages there are, by ISO 639-1 code; the first is the one for everybody else.</summary>
    public static readonly string[] Languages = ["en", "de", "es", "fr", "ja"];

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    /// <param name="assembly">Where the resources are.</param>
    /// <param name="part">What they are called: <c>RemoteAccess.Trust.part.language.txt</c>.</param>
    /// <param name="language">Which of <see cref="Languages"/>.</param>
    protected LanguageTexts(Assembly assembly, string part, string language)
    {
        Language = language;
        using Stream stream = assembly.GetManifestResourceStream($"RemoteAccess.Trust.{part}.{language}.txt") ?? throw new InvalidOperationException($"The {part} for '{language}' are missing in the assembly.");
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

    /// <summary>The text with its placeholders filled. What is filled in is taken as it is: braces in it mean nothing.</summary>
    public string Fill(string key, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, texts[key], values);

    /// <summary>A culture's language; English for a language there is none of. Each is read when it is first asked for.</summary>
    protected static T Choose<T>(ConcurrentDictionary<string, T> loaded, Func<string, T> read, CultureInfo culture)
        where T : LanguageTexts => loaded.GetOrAdd(Languages.Contains(culture.TwoLetterISOLanguageName, StringComparer.Ordinal) ? culture.TwoLetterISOLanguageName : Languages[0], read);
}
