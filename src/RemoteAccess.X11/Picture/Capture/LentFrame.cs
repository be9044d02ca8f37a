using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>One buffer of a capture's pool. The display's thread fills it while it is free; then it is lent and not touched until it is given back.</summary>
internal sealed class LentFrame : ScreenFrame
{
    // Bands are more than 64 rows apart: this many only on very high screens.
    private const int MaxBands = 32;

    private readonly PixelMemory memory;
    private readonly bool[] staleRows;
    private readonly Lock changing = new();
    private bool isLent;
    private bool isRetired;
    private ScreenLayout layout;
    private CursorState cursor;
    private long capturedAt;

    public LentFrame(PixelMemory memory, ScreenLayout layout)
    {
        this.memory = memory;
        this.layout = layout;
        staleRows = new bool[memory.Size.Height];
        staleRows.AsSpan().Fill(true);
    }

    /// <summary>Written by the display's thread before lending.</summary>
    public DamageList DamageList { get; } = new();

    public int StaleRowCount => staleRows.AsSpan().Count(true);

    public bool IsFree
    {
        get
        {
            lock (changing) return !isLent && !isRetired;
        }
    }

    public override PixelSize Size => memory.Size;

    public override int Stride => memory.Stride;

    public override ReadOnlySpan<byte> Pixels => memory.Bytes;

    public override ReadOnlySpan<PixelRect> Damage => DamageList.Rectangles;

    public override ScreenLayout Layout => layout;

    public override CursorState Cursor => cursor;

    public override long CapturedAt => capturedAt;

    public void MarkStale(DamageList damage)
    {
        foreach (PixelRect rectangle in damage.Rectangles) staleRows.AsSpan(rectangle.Y, rectangle.Height).Fill(true);
    }

    /// <summary>Reads every stale row. False when the server refuses: the desktop's size has changed.</summary>
    public bool Refresh(XConnection connection)
    {
        Span<RowBand> bands = stackalloc RowBand[MaxBands];
        int count = 0;
        for (int y = 0; y < staleRows.Length;)
        {
            int ahead = staleRows.AsSpan(y).IndexOf(true);
            if (ahead < 0) break;
            y += ahead;
            // What is left for the last one is read as a whole.
            int rows = count < MaxBands - 1 ? BandHeight(staleRows.AsSpan(y)) : staleRows.AsSpan(y).LastIndexOf(true) + 1;
            bands[count++] = new RowBand(y, rows);
            y += rows;
        }
        if (!memory.Fetch(connection, bands[..count])) return false;
        staleRows.AsSpan().Clear();
        return true;
    }

    public void Lend(ScreenLayout layoutNow, CursorState cursorNow, long timestamp)
    {
        layout = layoutNow;
        cursor = cursorNow;
        capturedAt = timestamp;
        lock (changing) isLent = true;
    }

    /// <summary>The frame leaves the pool for good; its memory goes now, or when it is given back.</summary>
    public void Retire(XConnection connection)
    {
        memory.Detach(connection);
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

    /// <summary>Rows from a stale one up to the next longer stretch of fresh ones; reading 64 rows of 1080p costs less than another request.</summary>
    private static int BandHeight(ReadOnlySpan<bool> stale)
    {
        const int WorthAnotherRequest = 64;
        int end = 0;
        for (int y = 0; y < stale.Length && y - end < WorthAnotherRequest; y++)
        {
            if (stale[y]) end = y + 1;
        }
        return end;
    }
}
