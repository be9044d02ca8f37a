using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Looks whether what was drawn is what the screen shows at that place: whatever a program did, cover, move, cut away, fade or paint over, this sees it.
/// On the strip's thread.
/// </summary>
internal sealed unsafe class BannerWitness : IDisposable
{
    /// <summary>Of the strip's pixels, this many in a hundred at least must be as drawn.</summary>
    private const int Enough = 60;
    private const int Step = 2;
    private uint[] drawn = [];
    private Canvas? screen;

    /// <summary>Remembers what the canvas shows.</summary>
    public void Remember(Canvas canvas)
    {
        if (screen is null || screen.Width != canvas.Width || screen.Height != canvas.Height)
        {
            screen?.Dispose();
            screen = new Canvas(0, canvas.Width, canvas.Height);
        }
        drawn = Sample(canvas);
    }

    /// <param name="area">Where the strip has to be.</param>
    /// <param name="isExact">Whether every pixel that was looked at is as drawn.</param>
    public bool Sees(PixelRect area, out bool isExact)
    {
        isExact = false;
        if (screen is null || drawn.Length == 0 || !screen.TakeScreen(area.X, area.Y)) return false;
        uint[] shown = Sample(screen);
        int same = 0;
        for (int i = 0; i < shown.Length; i++)
        {
            if (shown[i] == drawn[i]) same++;
        }
        isExact = same == shown.Length;
        return (long)same * 100 >= (long)shown.Length * Enough;
    }

    public void Dispose() => screen?.Dispose();

    private static uint[] Sample(Canvas canvas)
    {
        uint[] pixels = new uint[((canvas.Height + Step - 1) / Step) * ((canvas.Width + Step - 1) / Step)];
        int at = 0;
        for (int y = 0; y < canvas.Height; y += Step)
        {
            uint* row = (uint*)canvas.Pixels + ((nint)y * canvas.Width);
            for (int x = 0; x < canvas.Width; x += Step) pixels[at++] = row[x] & 0xffffff;
        }
        return pixels;
    }
}
