using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>One buffer of a capture's pool. The capture's thread fills it while it is free; then it is lent and not touched until it is given back.</summary>
internal sealed class LentFrame(PixelMemory memory, ScreenLayout layout) : ScreenFrame
{
    private readonly Lock changing = new();
    private bool isLent;
    private bool isRetired;
    private CursorState cursor;
    private long capturedAt;

    /// <summary>Written by the capture's thread before lending.</summary>
    public DamageList DamageList { get; } = new();

    /// <summary>The same.</summary>
    public MoveList MoveList { get; } = new();

    /// <summary>What this buffer lacks of the newest picture: for a source that is told what changes. Of the capture's thread.</summary>
    public DamageList Stale { get; } = new();

    public PixelMemory Memory => memory;

    public bool IsFree
    {
        get
        {
            lock (changing) return !isLent && !isRetired;
        }
    }

    public override PixelSize Size => memory.Size;

    public override int Stride => memory.Size.Width * 4;

    public override ReadOnlySpan<byte> Pixels => MemoryMarshal.AsBytes(memory.Pixels);

    public override ReadOnlySpan<PixelRect> Damage => DamageList.Rectangles;

    public override ReadOnlySpan<ScreenMove> Moves => MoveList.Moves;

    public override ScreenLayout Layout => layout;

    public override CursorState Cursor => cursor;

    public override long CapturedAt => capturedAt;

    public void Lend(ScreenLayout layoutNow, CursorState cursorNow, long timestamp)
    {
        layout = layoutNow;
        cursor = cursorNow;
        capturedAt = timestamp;
        lock (changing) isLent = true;
    }

    /// <summary>The frame leaves the pool for good; its memory goes now, or when it is given back.</summary>
    public void Retire()
    {
        lock (changing)
        {
            isRetired = true;
            if (!isLent) memory.Dispose();
        }
    }

    protected override void GiveBack()
    {
        lock (changing)
        {
            isLent = false;
            if (isRetired) memory.Dispose();
        }
    }
}
