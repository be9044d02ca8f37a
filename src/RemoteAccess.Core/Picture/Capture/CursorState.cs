namespace RemoteAccess.Picture;

/// <summary>Where the cursor is and what it looks like.</summary>
/// <param name="X">Column of the hot spot on the desktop.</param>
/// <param name="Y">Row of the hot spot on the desktop.</param>
/// <param name="Shape">The picture; the same instance until it changes. Null when no cursor is shown.</param>
public readonly record struct CursorState(int X, int Y, CursorShape? Shape);

/// <summary>A cursor's picture. Immutable.</summary>
/// <param name="Size">1×1 to 512×512.</param>
/// <param name="HotX">Column of the hot spot within the picture.</param>
/// <param name="HotY">Row of the hot spot within the picture.</param>
/// <param name="Pixels">B, G, R, A with colours premultiplied by A; width × height × 4 bytes, rows without slack.</param>
public sealed record CursorShape(PixelSize Size, int HotX, int HotY, ReadOnlyMemory<byte> Pixels);
