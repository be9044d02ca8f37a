namespace RemoteAccess.Picture;

/// <summary>
/// One complete picture of the desktop, lent from a pool: read it, then dispose it; the pixels must not be touched afterwards.
/// 32 bits a pixel in memory order B, G, R, unused (the unused byte is always 0).
/// </summary>
public abstract class ScreenFrame : IDisposable
{
    /// <summary>Width and height in pixels; equals the layout's size.</summary>
    public abstract PixelSize Size { get; }

    /// <summary>Bytes from one row to the next, at least four times the width.</summary>
    public abstract int Stride { get; }

    /// <summary>The rows, top first; at least <see cref="Stride"/> × height bytes, less the last row's slack.</summary>
    public abstract ReadOnlySpan<byte> Pixels { get; }

    /// <summary>
    /// What may differ from the previous frame of the same capture. A superset: no changed pixel lies outside, unchanged ones may lie
    /// inside. Empty when only cursor or layout changed. All rectangles lie within the frame.
    /// </summary>
    public abstract ReadOnlySpan<PixelRect> Damage { get; }

    /// <summary>
    /// What the system says has moved since the previous frame of the same capture, where it says so; their areas are in <see cref="Damage"/> as well. Hints, that may be wrong or
    /// missing: the picture is right all the same.
    /// </summary>
    public virtual ReadOnlySpan<ScreenMove> Moves => default;

    /// <summary>Monitors at the time of capture; the same instance until they change.</summary>
    public abstract ScreenLayout Layout { get; }

    /// <summary>Cursor at the time of capture; never part of <see cref="Pixels"/>.</summary>
    public abstract CursorState Cursor { get; }

    /// <summary>When the pixels were read, a timestamp of the desktop's <see cref="TimeProvider"/>.</summary>
    public abstract long CapturedAt { get; }

    /// <summary>Returns the frame to its pool.</summary>
    public void Dispose()
    {
        GiveBack();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the buffer back; called at most once for each lending.</summary>
    protected abstract void GiveBack();
}
