namespace RemoteAccess.Trust;

/// <summary>What makes a chosen access code easier to guess than its length says.</summary>
[Flags]
public enum AccessCodeWeaknesses
{
    /// <summary>Nothing that is looked for.</summary>
    None = 0,
    /// <summary>Less than 12 bytes.</summary>
    TooShort = 1 << 0,
    /// <summary>The same block again and again; it counts once.</summary>
    Repetition = 1 << 1,
    /// <summary>Three or more letters in a row count as a word of ordinary language.</summary>
    Words = 1 << 2,
    /// <summary>Three or more characters that repeat or continue each other, as in aaa, 1234, qwerty.</summary>
    Runs = 1 << 3,
    /// <summary>A password that many people use is in it.</summary>
    CommonPassword = 1 << 4,
}
