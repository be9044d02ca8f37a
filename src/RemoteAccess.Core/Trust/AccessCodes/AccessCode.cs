using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// An access code in its canonical form (protocol.md §4), in pinned memory that is zeroed on disposal. It stays on the technician's side;
/// there is deliberately no way to get it as a string.
/// </summary>
public sealed class AccessCode : IDisposable
{
    /// <summary>Characters that <see cref="WriteDisplay"/> needs at most: four groups of five and three separators.</summary>
    public const int DisplayLength = GeneratedLength + GeneratedLength / GroupLength - 1;

    internal const int GeneratedLength = 20, SessionDigitsLength = 12, MinFreeTextBytes = 12, MaxFreeTextBytes = 128;
    private const int GroupLength = 5, DigitGroupLength = 3;
    private const int MaxInputLength = 1024;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", Digits = "0123456789";
    private readonly byte[] canonical;

    private AccessCode(AccessCodeKind kind, ReadOnlySpan<byte> value)
    {
        Kind = kind;
        canonical = GC.AllocateUninitializedArray<byte>(value.Length, pinned: true);
        value.CopyTo(canonical);
    }

    /// <summary>What sort of code it is.</summary>
    public AccessCodeKind Kind { get; }

    internal ReadOnlySpan<byte> Canonical => canonical;

    /// <summary>Makes a code of 20 Crockford base-32 characters, 100 bits from the system's generator.</summary>
    public static AccessCode Generate()
    {
        Span<byte> code = stackalloc byte[GeneratedLength];
        RandomNumberGenerator.Fill(code);
        foreach (ref byte character in code) character = (byte)Alphabet[character & 31];
        var generated = new AccessCode(AccessCodeKind.Generated, code);
        CryptographicOperations.ZeroMemory(code);
        return generated;
    }

    /// <summary>Makes the twelve digits of one attended session; they are worth one attempt within minutes, and nothing else.</summary>
    internal static AccessCode GenerateSessionDigits()
    {
        Span<byte> code = stackalloc byte[SessionDigitsLength];
        foreach (ref byte digit in code) digit = (byte)Digits[RandomNumberGenerator.GetInt32(Digits.Length)];
        var generated = new AccessCode(AccessCodeKind.SessionDigits, code);
        CryptographicOperations.ZeroMemory(code);
        return generated;
    }

    /// <summary>
    /// Reads what a person typed. A generated code may have any case, separators (spaces and hyphens), O for 0, I or L for 1; the digits of a
    /// session separators. Free text is taken as it is in Unicode's composed form (NFC). The caller zeroes <paramref name="typed"/>.
    /// </summary>
    /// <returns><see cref="AccessCodeProblem.None"/> and the code, or what is wrong.</returns>
    public static AccessCodeProblem TryRead(ReadOnlySpan<char> typed, AccessCodeKind kind, out AccessCode? code)
    {
        code = null;
        if (typed.Length > MaxInputLength) return AccessCodeProblem.TooLong;
        return kind switch
        {
            AccessCodeKind.Generated => TryReadCharacters(typed, kind, Alphabet, GeneratedLength, out code),
            AccessCodeKind.SessionDigits => TryReadCharacters(typed, kind, Digits, SessionDigitsLength, out code),
            AccessCodeKind.FreeText => ReadFreeText(typed, out code, out _),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of code."),
        };
    }

    /// <summary>
    /// How hard a chosen code would be to guess, with the reasons; for free text only. About 20 ms. The caller zeroes <paramref name="typed"/>.
    /// </summary>
    public static AccessCodeStrength MeasureStrength(ReadOnlySpan<char> typed)
    {
        AccessCodeProblem problem = ReadFreeText(typed, out AccessCode? code, out StrengthEstimate estimate);
        code?.Dispose();
        return new AccessCodeStrength
        {
            Problem = problem,
            Bits = estimate.Bits,
            Weaknesses = estimate.Weaknesses | (problem == AccessCodeProblem.TooShort ? AccessCodeWeaknesses.TooShort : AccessCodeWeaknesses.None),
        };
    }

    /// <summary>
    /// Writes a code that was generated as a person shall see it, <c>7K3MW-0QXN4-TZ9HC-E5RVA</c>, or a session's as <c>482-913-775-204</c>. The caller
    /// zeroes the characters.
    /// </summary>
    /// <param name="display">At least <see cref="DisplayLength"/> characters.</param>
    /// <returns>How many of them were written.</returns>
    /// <exception cref="InvalidOperationException">The code was chosen by a person.</exception>
    public int WriteDisplay(Span<char> display)
    {
        if (Kind == AccessCodeKind.FreeText) throw new InvalidOperationException("Only a generated code is shown.");
        ArgumentOutOfRangeException.ThrowIfLessThan(display.Length, DisplayLength, nameof(display));
        int group = Kind == AccessCodeKind.Generated ? GroupLength : DigitGroupLength, at = 0;
        for (int i = 0; i < canonical.Length; i++)
        {
            if (i > 0 && i % group == 0) display[at++] = '-';
            display[at++] = (char)canonical[i];
        }
        return at;
    }

    /// <summary>What the computer keeps instead of the code, for one grant: about 0.3 s of one core and 64 MiB at the usual cost.</summary>
    /// <exception cref="ArgumentException">The grant asks for another kind of code.</exception>
    public AccessVerifier MakeVerifier(Grant grant)
    {
        using AccessSecret secret = MakeSecret(grant);
        return secret.ToVerifier();
    }

    /// <summary>What the technician's side connects with, for one grant; costs as much as <see cref="MakeVerifier"/>.</summary>
    /// <exception cref="ArgumentException">The grant asks for another kind of code.</exception>
    public AccessSecret MakeSecret(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (grant.CodeKind != Kind) throw new ArgumentException($"The grant asks for a code of the kind {grant.CodeKind}, this one is {Kind}.", nameof(grant));
        return AccessSecret.Derive(
            canonical,
            WireIdentity.Tenant(grant.TenantKey.Span),
            WireIdentity.Host(grant.HostKey.Span),
            grant.Salt.Span,
            grant.ScryptLog2N,
            grant.ScryptR,
            grant.ScryptP);
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(canonical);

    private static AccessCodeProblem TryReadCharacters(ReadOnlySpan<char> typed, AccessCodeKind kind, string alphabet, int expected, out AccessCode? code)
    {
        code = null;
        Span<byte> canonical = stackalloc byte[expected];
        try
        {
            int length = 0;
            foreach (char character in typed)
            {
                if (character is ' ' or '-' or '\t' or '\r' or '\n' or '\u00A0' or '\u2010' or '\u2011') continue;
                char upper = char.ToUpperInvariant(character) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
                if (!char.IsAscii(upper) || !alphabet.Contains(upper, StringComparison.Ordinal)) return AccessCodeProblem.NotACodeCharacter;
                if (length == expected) return AccessCodeProblem.TooLong;
                canonical[length++] = (byte)upper;
            }
            if (length < expected) return AccessCodeProblem.TooShort;
            code = new AccessCode(kind, canonical);
            return AccessCodeProblem.None;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(canonical);
        }
    }

    private static AccessCodeProblem ReadFreeText(ReadOnlySpan<char> typed, out AccessCode? code, out StrengthEstimate estimate)
    {
        code = null;
        estimate = default;
        if (typed.Length > MaxInputLength) return AccessCodeProblem.TooLong;
        char[] composed = GC.AllocateArray<char>(MaxInputLength * 4, pinned: true);
        byte[] utf8 = GC.AllocateArray<byte>(MaxInputLength * 4 * 3, pinned: true);
        try
        {
            for (int i = 0; i < typed.Length;)
            {
                if (Rune.DecodeFromUtf16(typed[i..], out Rune rune, out int used) != System.Buffers.OperationStatus.Done) return AccessCodeProblem.NotText;
                if (Rune.IsControl(rune)) return AccessCodeProblem.NotText;
                i += used;
            }
            if (!typed.TryNormalize(composed, out int length, NormalizationForm.FormC)) return AccessCodeProblem.TooLong;
            ReadOnlySpan<char> text = composed.AsSpan(0, length);
            int bytes = Encoding.UTF8.GetBytes(text, utf8);
            if (bytes > MaxFreeTextBytes) return AccessCodeProblem.TooLong;
            estimate = CodeStrength.Estimate(text);
            if (bytes < MinFreeTextBytes) return AccessCodeProblem.TooShort;
            if (estimate.Bits < CodeStrength.MinBits) return AccessCodeProblem.TooWeak;
            code = new AccessCode(AccessCodeKind.FreeText, utf8.AsSpan(0, bytes));
            return AccessCodeProblem.None;
        }
        finally
        {
            Array.Clear(composed);
            CryptographicOperations.ZeroMemory(utf8);
        }
    }
}
