namespace RemoteAccess.Sessions;

/// <summary>What a key means at a prompt, on whichever keyboard.</summary>
internal enum PromptKey
{
    /// <summary>Nothing.</summary>
    Other,
    /// <summary>Tab, with Shift or not: there are two answers.</summary>
    Next,
    /// <summary>To the answer at the left.</summary>
    Left,
    /// <summary>To the answer at the right.</summary>
    Right,
    /// <summary>Enter or the space bar: give the answer with the focus.</summary>
    Press,
    /// <summary>Escape.</summary>
    Refuse,
}
