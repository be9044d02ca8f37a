namespace RemoteAccess.Picture;

/// <summary>
/// The one picture that every capture of a virtual desktop copies from. Whoever reads or changes anything here, or of a capture that is
/// attached, holds <see cref="Gate"/>; it is the innermost lock, nothing is called under it that could wait.
/// </summary>
internal sealed class SharedScreen(TimeProvider time)
{
    // A frame of 1080p is 8 MB; captures come and go with the sessions.
    private const int MostSpare = 4;

    private readonly List<VirtualScreenCapture> captures = [];
    private readonly Stack<uint[]> spare = [];

    public Lock Gate { get; } = new();

    public PixelCanvas Canvas { get; private set; } = new(new PixelSize(1, 1));

    public ScreenLayout Layout { get; private set; } = new(new PixelSize(1, 1), []);

    public CursorState Cursor { get; private set; }

    /// <summary>The display is gone: every waiting and later capture fails.</summary>
    public bool IsClosed { get; private set; }

    public long Now => time.GetTimestamp();

    /// <summary>Tells every capture what has been drawn and where the cursor is.</summary>
    public void Publish(ReadOnlySpan<PixelRect> damage, CursorState cursor)
    {
        bool cursorChanged = cursor != Cursor;
        Cursor = cursor;
        if (damage.IsEmpty && !cursorChanged) return;
        foreach (VirtualScreenCapture capture in captures) capture.Changed(damage);
    }

    /// <summary>Begins a new, black picture; the caller draws it and publishes all of it before it lets go of the gate.</summary>
    public void Rearrange(ScreenLayout layout)
    {
        Layout = layout;
        Canvas = new PixelCanvas(layout.Size);
        foreach (VirtualScreenCapture capture in captures) capture.Rearranged();
    }

    public void Attach(VirtualScreenCapture capture) => captures.Add(capture);

    public void Detach(VirtualScreenCapture capture) => captures.Remove(capture);

    /// <summary>Pixels for a copy of the canvas, their content unknown.</summary>
    public uint[] TakePixels()
    {
        int length = checked((int)Canvas.Size.Area);
        while (spare.TryPop(out uint[]? pixels))
            if (pixels.Length == length) return pixels;
        return GC.AllocateUninitializedArray<uint>(length);
    }

    /// <summary>Nobody looks at these pixels any more.</summary>
    public void GiveBack(uint[] pixels)
    {
        if (pixels.Length == Canvas.Size.Area && spare.Count < MostSpare) spare.Push(pixels);
    }

    public void Close()
    {
        IsClosed = true;
        foreach (VirtualScreenCapture capture in captures) capture.Wake();
    }
}
