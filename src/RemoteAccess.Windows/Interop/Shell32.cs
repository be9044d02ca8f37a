using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>shell32: icons of the notification area. Names and types as in shellapi.h.</summary>
internal static unsafe partial class Shell32
{
    public const uint Add = 0, Modify = 1, Delete = 2, SetVersion = 4;
    public const uint HasMessage = 0x1, HasIcon = 0x2, HasTip = 0x4, HasInfo = 0x10, ShowTip = 0x80;
    public const uint InfoUserIcon = 0x4, InfoLargeIcon = 0x20;
    public const uint Version4 = 4;
    /// <summary>A click, and Enter or the space bar, with the icon's version 4.</summary>
    public const uint Selected = User32Message.User, KeySelected = User32Message.User + 1, InfoClicked = User32Message.User + 5;

    [LibraryImport("shell32")] public static partial int Shell_NotifyIconW(uint what, NotifyIconData* data);
}

/// <summary>NOTIFYICONDATAW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NotifyIconData
{
    public const int MaxTip = 127, MaxInfo = 255, MaxInfoTitle = 63;

    public int Size;
    public nint Window;
    public uint Id, Flags, Callback;
    public nint Icon;
    public fixed char Tip[MaxTip + 1];
    public uint State, StateMask;
    public fixed char Info[MaxInfo + 1];
    public uint Version;
    public fixed char InfoTitle[MaxInfoTitle + 1];
    public uint InfoFlags;
    public Guid Item;
    public nint BalloonIcon;
}
