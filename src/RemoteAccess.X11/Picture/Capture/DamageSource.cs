using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// What has been drawn on the root window, by XDamage. The level is NonEmpty: the server keeps the exact region and says so once, so
/// that nothing piles up while nobody asks. Taking the region and clearing it is one request: what is drawn after it, and only that,
/// is told again.
/// </summary>
internal sealed unsafe class DamageSource
{
    private readonly XConnection connection;
    private readonly nuint damage;
    private readonly nuint region;
    private readonly int notify;

    /// <exception cref="DesktopException">The display has no XDamage or XFixes.</exception>
    public DamageSource(XConnection connection)
    {
        this.connection = connection;
        if (LibXfixes.XFixesQueryExtension(connection.Display, out _, out _) == 0 || LibXfixes.XFixesQueryVersion(connection.Display, out int major, out _) == 0 || major < 2)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no XFIXES extension of version 2 or later. Enable it in the X server.");
        if (LibXdamage.XDamageQueryExtension(connection.Display, out notify, out _) == 0 || LibXdamage.XDamageQueryVersion(connection.Display, out _, out _) == 0)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no DAMAGE extension. Enable it in the X server.");
        damage = LibXdamage.XDamageCreate(connection.Display, connection.Root, LibXdamage.ReportNonEmpty);
        region = LibXfixes.XFixesCreateRegion(connection.Display, null, 0);
    }

    /// <summary>Whether the server has said that there is damage to take.</summary>
    public bool IsPending { get; private set; }

    public void Handle(XEvent* xevent)
    {
        if (xevent->Type == notify) IsPending = true;
    }

    /// <summary>Moves the damage from the server into the list.</summary>
    public void Take(DamageList into, PixelRect desktop)
    {
        IsPending = false;
        LibXdamage.XDamageSubtract(connection.Display, damage, 0, region);
        XRectangle* rectangles = LibXfixes.XFixesFetchRegion(connection.Display, region, out int count);
        connection.ThrowIfLost();
        if (rectangles == null) return;
        for (int i = 0; i < count; i++)
            into.Add(new PixelRect(rectangles[i].X, rectangles[i].Y, rectangles[i].Width, rectangles[i].Height), desktop);
        _ = LibX11.XFree(rectangles);
    }
}
