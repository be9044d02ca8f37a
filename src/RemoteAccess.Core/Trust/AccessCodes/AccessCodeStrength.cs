using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>How hard a chosen access code is to guess, for a meter beside the field it is typed into. Nothing of the code is in it. Immutable.</summary>
public sealed record AccessCodeStrength
{
    /// <summary>What <see cref="AccessCode.TryRead"/> says to the same text.</summary>
    public required AccessCodeProblem Problem { get; init; }

    /// <summary>Estimated guesses as a power of two, cautiously; 40 are needed. 0 when it is too long or no text.</summary>
    public required double Bits { get; init; }

    /// <summary>What was found in it, also when it is strong enough all the same.</summary>
    public required AccessCodeWeaknesses Weaknesses { get; init; }

    /// <summary>Whether it may be an access code.</summary>
    public bool IsAcceptable => Problem == AccessCodeProblem.None;

    /// <summary>The result with its reasons in one English sentence.</summary>
    public string Sentence => Problem switch
    {
        AccessCodeProblem.TooLong => $"It is longer than {AccessCode.MaxFreeTextBytes} bytes.",
        AccessCodeProblem.NotText => "It has a control character or half a character in it.",
        _ => string.Create(CultureInfo.InvariantCulture,
            $"Estimated at {Math.Floor(Bits):0} bits, {(Bits >= CodeStrength.MinBits ? "enough" : $"and {CodeStrength.MinBits:0} are needed")}{Reasons()}."),
    };

    private string Reasons()
    {
        (AccessCodeWeaknesses Weakness, string Words)[] known =
        [
            (AccessCodeWeaknesses.TooShort, $"it is shorter than {AccessCode.MinFreeTextBytes} bytes"),
            (AccessCodeWeaknesses.CommonPassword, "a password that many people use is in it"),
            (AccessCodeWeaknesses.Repetition, "it repeats itself"),
            (AccessCodeWeaknesses.Runs, "it has runs as in aaa, 1234 or qwerty"),
            (AccessCodeWeaknesses.Words, "its letters are guessed like words"),
        ];
        return string.Concat(known.Where(weakness => Weaknesses.HasFlag(weakness.Weakness)).Select((weakness, index) => (index == 0 ? ": " : ", ") + weakness.Words));
    }
}
