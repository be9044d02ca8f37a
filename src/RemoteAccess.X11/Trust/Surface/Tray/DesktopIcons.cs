using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>The icon in the tray and the item of the session bus; a panel with both kinds shows it once. On the thread of the stage's connection.</summary>
internal sealed class DesktopIcons(SurfaceStage stage, StatusItem item, Action open) : ISurfaceIcon, IDisposable
{
    private readonly TrayIcon tray = new(stage, open);
    private (FigureKind Kind, string Words)? figure;

    public bool? IsShown => tray.HasTray || item.IsAccepted ? true : item.IsDecided ? false : null;

    public TrayLook Look => tray.Look;

    public bool HasItem => item.IsAccepted;

    public void Refresh(FigureKind kind, string words, SurfaceStatus status)
    {
        tray.Refresh(kind, words, !item.IsAccepted);
        if (figure == (kind, words)) return;
        figure = (kind, words);
        item.Show(new StatusItemLook(words, [IconPicture.Of(stage, kind, stage.Px(24)), IconPicture.Of(stage, kind, stage.Px(48))]));
    }

    public unsafe void Handle(XEvent* xevent) => tray.Handle(xevent);

    public void Handle(Sessions.DeviceEvent did) => tray.Handle(did);

    public void Clear()
    {
        tray.Dispose();
        item.End();
    }

    public void Dispose() => tray.Dispose();
}
