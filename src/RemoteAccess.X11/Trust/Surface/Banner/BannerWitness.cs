using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Looks whether what was drawn is what the display shows at that place: whatever a program did, cover, move, cut away or paint over, this sees it. With
/// a compositing manager the desktop's own picture may be scaled or tinted; there the strip's own picture is looked at, and what is before it is not seen.
/// </summary>
internal sealed unsafe class BannerWitness(SurfaceStage stage)
{
    /// <summary>Of the strip's pixels, this many in a hundred at least must be as drawn.</summary>
    private const int Enough = 60;
    private const int Step = 2;
    private readonly nuint compositor = stage.Atom($"_NET_WM_CM_S{stage.Connection.Screen}");
    private uint[] drawn = [];

    /// <summary>Remembers what the canvas shows.</summary>
    public void Remember(Canvas canvas) => drawn = Read(canvas.Pixels, new PixelRect(0, 0, canvas.Width, canvas.Height)) ?? [];

    /// <param name="window">The strip.</param>
    /// <param name="area">Where it has to be.</param>
    /// <param name="isExact">Whether every pixel that was looked at is as drawn.</param>
    public bool Sees(nuint window, PixelRect area, out bool isExact)
    {
        bool isComposited = LibX11Window.XGetSelectionOwner(stage.Connection.Display, compositor) != 0;
        uint[]? shown = isComposited ? Read(window, new PixelRect(0, 0, area.Width, area.Height)) : Read(stage.Connection.Root, area);
        isExact = false;
        if (shown is null || shown.Length != drawn.Length || drawn.Length == 0) return false;
        int same = 0;
        for (int i = 0; i < shown.Length; i++)
        {
            if (shown[i] == drawn[i]) same++;
        }
        isExact = same == shown.Length;
        return (long)same * 100 >= (long)shown.Length * Enough;
    }

    private uint[]? Read(nuint from, PixelRect area)
    {
        XImage* image = LibX11.XGetImage(stage.Connection.Display, from, area.X, area.Y, (uint)area.Width, (uint)area.Height, LibX11.AllPlanes, LibX11.ZPixmap);
        _ = stage.Connection.TakeError();
        stage.Connection.ThrowIfLost();
        if (image == null) return null;
        uint[] pixels = new uint[((area.Height + Step - 1) / Step) * ((area.Width + Step - 1) / Step)];
        int at = 0;
        for (int y = 0; y < area.Height; y += Step)
        {
            uint* row = (uint*)(image->Data + ((nint)y * image->BytesPerLine));
            for (int x = 0; x < area.Width; x += Step) pixels[at++] = row[x] & 0xffffff;
        }
        _ = LibX11.XDestroyImage(image);
        return pixels;
    }
}
