using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>MSG.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ThreadMessage
{
    public nint Window;
    public uint Message;
    public nuint First;
    public nint Second;
    public uint Time;
    public Point Pointer;
    public uint Private;
}

/// <summary>WNDCLASSEXW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WindowClass
{
    public int Size;
    public uint Style;
    public delegate* unmanaged<nint, uint, nuint, nint, nint> Procedure;
    public int ClassExtra, WindowExtra;
    public nint Instance, Icon, Cursor, Background;
    public char* MenuName;
    public char* Name;
    public nint SmallIcon;
}

/// <summary>INPUT_MESSAGE_SOURCE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InputMessageSource
{
    public uint Device, Origin;
}

/// <summary>KBDLLHOOKSTRUCT.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HookedKey
{
    public uint Key, Scan, Flags, Time;
    public nuint Tag;
}

/// <summary>MSLLHOOKSTRUCT.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct HookedMouse
{
    public Point Pointer;
    public uint Data, Flags, Time;
    public nuint Tag;
}

/// <summary>HIGHCONTRASTW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ContrastScheme
{
    public const uint On = 1;
    public int Size;
    public uint Flags;
    public nint Name;
}

/// <summary>USEROBJECTFLAGS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StationFlags
{
    public const uint Visible = 1;
    public int Inherit, Reserved;
    public uint Flags;
}

/// <summary>MINMAXINFO.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SizeLimits
{
    public Point Reserved, MaxSize, MaxPosition, MinTrack, MaxTrack;
}
