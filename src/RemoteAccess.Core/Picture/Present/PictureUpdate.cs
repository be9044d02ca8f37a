namespace RemoteAccess.Picture;

/// <summary>
/// The picture after one frame. Valid until the next one is asked for; until then nothing in it changes. Text and drawings are exact at once,
/// photographs and video once they stand still: <see cref="IsExact"/>.
/// </summary>
public sealed class PictureUpdate
{
    private readonly Framebuffer framebuffer;

    internal PictureUpdate(Framebuffer framebuffer) => this.framebuffer = framebuffer;

    /// <summary>The frame's number in the session, from 1; repeats when only cursor or layout changed.</summary>
    public long Sequence { get; internal set; }

    /// <summary>Width and height of the whole desktop in pixels.</summary>
    public PixelSize Size => framebuffer.Size;

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => framebuffer.Stride;

    /// <summary>Rows from the top, four bytes a pixel: B, G, R, 0.</summary>
    public ReadOnlySpan<byte> Pixels => framebuffer.Pixels;

    /// <summary>
    /// Whether every pixel asked for is the computer's own. False while something lossy is shown that has not settled yet; when it has, both
    /// sides compare hashes, and a difference, which would be a defect, makes this false again until the picture was sent anew.
    /// </summary>
    public bool IsExact { get; internal set; }

    /// <summary>What differs from the previous update; empty when only cursor or layout changed.</summary>
    public IReadOnlyList<PixelRect> Damage => framebuffer.Damage;

    /// <summary>The monitors of the computer.</summary>
    public ScreenLayout Layout { get; internal set; } = new(default, []);

    /// <summary>Position and shape of the computer's cursor, which is not part of the pixels.</summary>
    public CursorState Cursor { get; internal set; }

    /// <summary>When the agent read the pixels, on its own clock, which starts anywhere: only differences mean something.</summary>
    public TimeSpan CapturedAt { get; internal set; }
}
