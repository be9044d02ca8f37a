namespace RemoteAccess.Trust;

/// <summary>What a key means on a sheet, on whichever keyboard.</summary>
internal enum SheetKey
{
    /// <summary>Nothing.</summary>
    Other,
    /// <summary>Tab or Down: to the next control.</summary>
    Next,
    /// <summary>Tab with Shift, or Up.</summary>
    Previous,
    /// <summary>To the control before, or less of this one.</summary>
    Left,
    /// <summary>To the next control, or more of this one.</summary>
    Right,
    /// <summary>Home.</summary>
    First,
    /// <summary>End.</summary>
    Last,
    /// <summary>Enter or the space bar.</summary>
    Press,
    /// <summary>Escape.</summary>
    Back,
    PageUp,
    PageDown,
    /// <summary>Erases the letter before, in a line of text.</summary>
    EraseBack,
    /// <summary>Erases the letter behind.</summary>
    EraseNext,
}
