using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>The popup menu of the icon, as it is at one moment: what cannot be done then is gray. On the tray's thread.</summary>
internal static class TrayMenu
{
    /// <summary>Shows it until something was chosen, or nothing.</summary>
    /// <param name="window">Ours, in front: else the menu would stay when the person clicks elsewhere.</param>
    /// <param name="x">Pixels of the desktop.</param>
    /// <param name="y">The same.</param>
    /// <param name="texts">Its words.</param>
    /// <param name="status">What is so.</param>
    public static TrayCommand Choose(nint window, int x, int y, SurfaceTexts texts, SurfaceStatus status)
    {
        nint menu = Make(texts, status);
        _ = User32Window.SetForegroundWindow(window);
        int chosen = User32Menu.TrackPopupMenuEx(menu, User32Menu.ReturnCommand | User32Menu.NoNotify | User32Menu.RightButton, x, y, window, 0);
        // As its documentation asks for: else the next one may vanish at once.
        _ = User32Message.PostMessageW(window, 0, 0, 0);
        _ = User32Menu.DestroyMenu(menu);
        return Enum.IsDefined((TrayCommand)chosen) ? (TrayCommand)chosen : TrayCommand.None;
    }

    private static nint Make(SurfaceTexts texts, SurfaceStatus status)
    {
        nint menu = User32Menu.CreatePopupMenu(), block = User32Menu.CreatePopupMenu();
        Add(menu, TrayCommand.Stop, texts["banner.stop"], status.Sessions.Count > 0);
        _ = User32Menu.AppendMenuW(menu, User32Menu.Separator, 0, null);
        Add(block, TrayCommand.BlockHour, texts["block.hour"]);
        Add(block, TrayCommand.BlockToday, texts["block.today"]);
        Add(block, TrayCommand.BlockForever, texts["block.forever"]);
        // It goes with the menu that it is a part of.
        _ = User32Menu.AppendMenuW(menu, User32Menu.Submenu, (nuint)block, Escaped(texts["page.block"]));
        Add(menu, TrayCommand.Unblock, $"{texts["block.unblock"]} …", status.BlockedUntil is not null);
        _ = User32Menu.AppendMenuW(menu, User32Menu.Separator, 0, null);
        Add(menu, TrayCommand.Details, texts["menu.details"]);
        Add(menu, TrayCommand.History, texts["page.history"]);
        Add(menu, TrayCommand.Report, $"{texts["page.report"]} …");
        Add(menu, TrayCommand.Revoke, texts["grant.revoke"]);
        return menu;
    }

    private static void Add(nint menu, TrayCommand command, string text, bool isOn = true) =>
        _ = User32Menu.AppendMenuW(menu, User32Menu.Text | (isOn ? 0 : User32Menu.Grayed), (nuint)command, Escaped(text));

    private static string Escaped(string text) => text.Replace("&", "&&", StringComparison.Ordinal);
}
