using System.Globalization;
using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// A question to the person at the computer, ready to be shown: blocks in reading order, two answers, and the exact text as evidence. The answer
/// that has the focus at first, and that Enter gives, is <see cref="Refuse"/>. Immutable.
/// </summary>
public sealed class ConsentPrompt
{
    /// <summary>The most UTF-8 bytes of <see cref="Text"/>, so that it fits into the ledger in full.</summary>
    public const int MaxTextBytes = 7168;

    private readonly ConsentTexts texts;

    private ConsentPrompt(ConsentRequest request, ConsentTexts texts, CultureInfo culture, IReadOnlyList<ConsentBlock> blocks)
    {
        this.texts = texts;
        Request = request;
        Culture = culture;
        Blocks = blocks;
        Allow = new ConsentButton(ConsentDecision.Allow, ConsentRole.Button, texts["answer.allow"], texts["answer.allow.name"]);
        Refuse = new ConsentButton(ConsentDecision.Refuse, ConsentRole.Button, texts["answer.refuse"], texts["answer.refuse.name"]);
        Text = CanonicalText.Of(this);
        byte[] utf8 = PlainText.Utf8.GetBytes(Text);
        if (utf8.Length > MaxTextBytes) throw new ArgumentException($"The prompt's text has {utf8.Length} bytes; at most {MaxTextBytes} can be recorded. Ask for fewer hours, or shorten the reason.", nameof(request));
        TextHash = SHA256.HashData(utf8);
    }

    /// <summary>What is asked.</summary>
    public ConsentRequest Request { get; }

    /// <summary>The language of the words and the form of the times.</summary>
    public CultureInfo Culture { get; }

    /// <summary>What is shown, in reading order; the title first, the countdown last.</summary>
    public IReadOnlyList<ConsentBlock> Blocks { get; }

    /// <summary>The answer yes.</summary>
    public ConsentButton Allow { get; }

    /// <summary>The answer no: default and first focus.</summary>
    public ConsentButton Refuse { get; }

    /// <summary>The question in one sentence; the accessible name of the dialog.</summary>
    public string Title => Blocks[0].Lines[0];

    /// <summary>
    /// Everything above as one plain text, lines ended by <c>\n</c>: a heading ends with a colon, an item begins with "- ", words of the technician
    /// stand in quotation marks behind "&gt; ", answers in brackets. This is what is agreed to and recorded.
    /// </summary>
    public string Text { get; }

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8; what a grant keeps as consent text hash.</summary>
    public ReadOnlyMemory<byte> TextHash { get; }

    /// <summary>What no answer within <see cref="ConsentRequest.Timeout"/> means.</summary>
    public ConsentDecision TimeoutDecision => Request.InUse == InUseRule.AskThenAllow ? ConsentDecision.Allow : ConsentDecision.Refuse;

    /// <summary>What stands in the place of the countdown block while time runs.</summary>
    /// <param name="remaining">Time left; shown in whole seconds, rounded up, never negative.</param>
    public string CountdownText(TimeSpan remaining) =>
        texts.Fill(TimeoutDecision == ConsentDecision.Allow ? "countdown.allow" : "countdown.refuse", Math.Max(0, (long)Math.Ceiling(remaining.TotalSeconds)).ToString(Culture));

    /// <summary>A technician's words in the quotation marks of the language.</summary>
    /// <param name="words">The words.</param>
    public string Quote(string words) => texts.Fill("quote", words);

    /// <summary>Makes the prompt for a request.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="culture">The person's language; texts exist in English, German, Spanish, French and Japanese, and every other one gets English.</param>
    /// <param name="zone">The zone in which times are given; the prompt names it.</param>
    /// <exception cref="ArgumentException">The request is outside its stated ranges: nobody may be asked this.</exception>
    public static ConsentPrompt Create(ConsentRequest request, CultureInfo culture, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(culture);
        ArgumentNullException.ThrowIfNull(zone);
        request.Validate();
        ConsentTexts texts = ConsentTexts.For(culture);
        // Times in the form of a language that the words are not in would be read wrongly.
        CultureInfo form = culture.TwoLetterISOLanguageName == texts.Language ? culture : English();
        return new ConsentPrompt(request, texts, form, ConsentBlocks.Of(request, texts, new ConsentTimes(texts, form, zone)));
    }

    /// <summary>Day before month; the invariant form in a product that is published without the data of cultures.</summary>
    private static CultureInfo English()
    {
        try
        {
            return CultureInfo.GetCultureInfo("en-GB");
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    /// <summary>The words of this language that a terminal needs beside the blocks.</summary>
    internal ConsentTexts Texts => texts;
}
