namespace RemoteAccess.Trust;

/// <summary>One strip, from outside; for tests. The buttons are in pixels of the desktop.</summary>
internal sealed record BannerLook(nuint Window, PixelRect Area, PixelRect Stop, PixelRect Details, bool IsSeen, BannerWords Words)
{
    public static BannerLook Of(nuint window, PixelRect area, BannerLayout layout, bool isSeen)
    {
        PixelRect Moved(PixelRect part) => part with { X = area.X + part.X, Y = area.Y + part.Y };
        return new(window, area, Moved(layout.Stop), Moved(layout.Details), isSeen, layout.Words);
    }
}
