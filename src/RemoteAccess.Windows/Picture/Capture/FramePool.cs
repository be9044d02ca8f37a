namespace RemoteAccess.Picture;

/// <summary>
/// Three buffers: two may be lent, and the one lent last stays as it is until the next is, because the next picture is compared with it. On the
/// capture's thread.
/// </summary>
internal sealed class FramePool
{
    private const int MostLent = 2;

    private readonly LentFrame?[] frames = new LentFrame?[MostLent + 1];
    private PixelSize size;

    /// <summary>The buffer lent last, given back or not; null after <see cref="Fit"/> made new ones.</summary>
    public LentFrame? Last { get; private set; }

    /// <summary>Every buffer there is.</summary>
    public ReadOnlySpan<LentFrame?> Frames => frames;

    /// <summary>Makes new buffers when the size is another.</summary>
    /// <returns>Whether it did: everything is damaged then.</returns>
    public bool Fit(ScreenLayout layout)
    {
        if (size == layout.Size) return false;
        Retire();
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = new LentFrame(new PixelMemory(layout.Size), layout);
        }
        size = layout.Size;
        return true;
    }

    /// <summary>A buffer to fill; null when two are lent.</summary>
    public LentFrame? Free()
    {
        int lent = 0;
        LentFrame? found = null;
        foreach (LentFrame? frame in frames)
        {
            if (!frame!.IsFree) lent++;
            else if (frame != Last) found = frame;
        }
        return lent < MostLent ? found : null;
    }

    public void NoteLent(LentFrame frame) => Last = frame;

    public void Retire()
    {
        foreach (LentFrame? frame in frames) frame?.Retire();
        Array.Clear(frames);
        Last = null;
        size = default;
    }
}
