namespace RemoteAccess.Picture;

/// <summary>What came of waiting for an output's next frame.</summary>
internal enum FrameArrival
{
    /// <summary>Nothing changed in that time.</summary>
    Nothing,
    /// <summary>Something did: <see cref="IOutputDuplication.Frame"/> says what.</summary>
    Changed,
    /// <summary>The duplication has ended: another mode, another desktop, a device that was removed.</summary>
    Lost,
}

/// <summary>The seam to Desktop Duplication of one output. On the capture's thread.</summary>
internal interface IOutputDuplication : IDisposable
{
    OutputPlace Place { get; }

    /// <summary>What <see cref="Acquire"/> brought; the same object each time.</summary>
    OutputFrame Frame { get; }

    /// <summary>Waits for a change, and takes it over into the output's picture.</summary>
    FrameArrival Acquire(int milliseconds);

    /// <summary>The output's picture; black before the first frame that has one. <see cref="Unmap"/> must follow.</summary>
    /// <returns>False when the device is gone.</returns>
    bool TryMap(out PixelView view);

    void Unmap();
}

/// <summary>What one frame of an output changed.</summary>
internal sealed class OutputFrame
{
    /// <summary>In the texture: dirty rectangles and where moved ones went. Empty when only the pointer did something.</summary>
    public DamageList Changed { get; } = new();

    /// <summary>In the texture: from where the moved rectangles came.</summary>
    public MoveList Moved { get; } = new();

    /// <summary>Whether this frame says something about the pointer.</summary>
    public bool HasPointer { get; set; }

    /// <summary>Whether the pointer is on this output, and shown.</summary>
    public bool IsPointerVisible { get; set; }

    /// <summary>The picture's left edge, from the output's.</summary>
    public int PointerX { get; set; }

    /// <summary>The picture's upper edge, from the output's.</summary>
    public int PointerY { get; set; }

    /// <summary>Whether the picture is a new one.</summary>
    public bool HasShape { get; set; }

    /// <summary>The new picture; null when nothing of it can be seen.</summary>
    public CursorShape? Shape { get; set; }
}
