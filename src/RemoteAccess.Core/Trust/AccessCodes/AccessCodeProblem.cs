namespace RemoteAccess.Trust;

/// <summary>Why a typed access code was not taken.</summary>
public enum AccessCodeProblem
{
    /// <summary>It was taken.</summary>
    None,
    /// <summary>Fewer than 20 code characters, or less than 12 bytes of free text.</summary>
    TooShort,
    /// <summary>More than 20 code characters, or more than 128 bytes of free text.</summary>
    TooLong,
    /// <summary>A character that no generated code has.</summary>
    NotACodeCharacter,
    /// <summary>Control characters or half a character.</summary>
    NotText,
    /// <summary>Free text that could be guessed: estimated below 40 bits.</summary>
    TooWeak,
}
