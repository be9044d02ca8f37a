namespace RemoteAccess.Picture;

/// <summary>A key that changes a text or moves its caret, other than by a character.</summary>
internal enum EditKey
{
    BackSpace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
}
