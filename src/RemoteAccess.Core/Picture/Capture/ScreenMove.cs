namespace RemoteAccess.Picture;

/// <summary>
/// What the system says has moved since the capture's previous frame: the pixel now at (x, y) of <paramref name="Area"/> was at (x + <paramref name="Dx"/>, y + <paramref name="Dy"/>).
/// A hint: each block is compared before it is sent as moved, so one that is wrong costs a comparison.
/// </summary>
/// <param name="Area">Where it is now, within the frame.</param>
/// <param name="Dx">Pixels to the right.</param>
/// <param name="Dy">Pixels down.</param>
public readonly record struct ScreenMove(PixelRect Area, int Dx, int Dy);
