using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>A pooled copy of the virtual desktop's picture. Its members other than the public ones are used under the screen's gate.</summary>
internal sealed class VirtualFrame(SharedScreen screen) : ScreenFrame
{
    private readonly PixelRect[] damage = new PixelRect[DamageRegion.MostRectangles];
    private uint[] pixels = [];
    private PixelSize size;
    private ScreenLayout layout = screen.Layout;
    private CursorState cursor;
    private int damageCount;
    private long capturedAt;
    private bool isRetired;

    /// <summary>What differs between this copy and the screen.</summary>
    public DamageRegion Stale { get; } = new();

    public bool IsLent { get; private set; }

    /// <summary>Pixels to copy before it can be lent; a buffer that must be made first costs most.</summary>
    public long CostToRefresh => pixels.Length == 0 ? long.MaxValue : Stale.Area;

    public override PixelSize Size => Lent(size);

    public override int Stride => Lent(size.Width * sizeof(uint));

    public override ReadOnlySpan<byte> Pixels => MemoryMarshal.AsBytes(Lent(pixels).AsSpan());

    public override ReadOnlySpan<PixelRect> Damage => Lent(damage).AsSpan(0, damageCount);

    public override ScreenLayout Layout => Lent(layout);

    public override CursorState Cursor => Lent(cursor);

    public override long CapturedAt => Lent(capturedAt);

    public void Lend(DamageRegion changed)
    {
        PixelCanvas canvas = screen.Canvas;
        if (size != canvas.Size)
        {
            size = canvas.Size;
            pixels = screen.TakePixels();
            Stale.ReplaceBy(canvas.Bounds);
        }

        foreach (PixelRect area in Stale.Rectangles) Copy(canvas.Pixels, area);
        Stale.Clear();
        changed.Rectangles.CopyTo(damage);
        damageCount = changed.Rectangles.Length;
        layout = screen.Layout;
        cursor = screen.Cursor;
        capturedAt = screen.Now;
        IsLent = true;
    }

    /// <summary>The capture has ended: the pixels go back now, or when the frame does.</summary>
    public void Retire()
    {
        isRetired = true;
        if (!IsLent) LetGo();
    }

    protected override void GiveBack()
    {
        lock (screen.Gate)
        {
            IsLent = false;
            if (isRetired) LetGo();
        }
    }

    private void LetGo()
    {
        screen.GiveBack(pixels);
        (pixels, size) = ([], default);
    }

    private void Copy(ReadOnlySpan<uint> source, PixelRect area)
    {
        if (area.Width == size.Width)
        {
            int start = area.Y * size.Width;
            source.Slice(start, area.Height * size.Width).CopyTo(pixels.AsSpan(start));
            return;
        }

        for (int y = area.Y; y < area.Bottom; y++)
        {
            int start = y * size.Width + area.X;
            source.Slice(start, area.Width).CopyTo(pixels.AsSpan(start));
        }
    }

    private T Lent<T>(T value)
    {
        ObjectDisposedException.ThrowIf(!IsLent, this);
        return value;
    }
}
