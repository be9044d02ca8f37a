namespace RemoteAccess.Picture;

/// <summary>A movement between two frames: the pixel now at (x, y) is the previous frame's at (x + Dx, y + Dy).</summary>
/// <param name="Dx">Pixels to the right.</param>
/// <param name="Dy">Pixels down.</param>
internal readonly record struct MotionVector(short Dx, short Dy);
