using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

// Layouts of Xlib.h and the extension headers on 64-bit Linux, where unsigned long, XID, Atom and KeySym have eight bytes.

/// <summary>XEvent: 24 longs, read by kind.</summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal unsafe struct XEvent
{
    [FieldOffset(0)] public int Type;
    /// <summary>Not 0: made by a client (XSendEvent), not by the server.</summary>
    [FieldOffset(16)] public int IsSent;
    /// <summary>XAnyEvent's window; in structure events the one that selected them.</summary>
    [FieldOffset(32)] public nuint Window;
    /// <summary>The window a structure event of a parent is about.</summary>
    [FieldOffset(40)] public nuint Subject;
    /// <summary>XVisibilityEvent: 0 unobscured, 1 in part, 2 wholly.</summary>
    [FieldOffset(40)] public int Visibility;
    /// <summary>XConfigureEvent.</summary>
    [FieldOffset(48)] public int ConfiguredX;
    [FieldOffset(52)] public int ConfiguredY;
    [FieldOffset(56)] public int ConfiguredWidth;
    [FieldOffset(60)] public int ConfiguredHeight;
    /// <summary>XKeyEvent.</summary>
    [FieldOffset(80)] public uint KeyModifiers;
    [FieldOffset(84)] public uint Keycode;
    /// <summary>XReparentEvent's new parent.</summary>
    [FieldOffset(48)] public nuint Parent;
    /// <summary>XShapeEvent: which shape, and whether it is one.</summary>
    [FieldOffset(40)] public int ShapeKind;
    [FieldOffset(72)] public int IsShaped;
    /// <summary>XClientMessageEvent.</summary>
    [FieldOffset(40)] public nuint MessageType;
    [FieldOffset(48)] public int MessageFormat;
    [FieldOffset(56)] public nint Message0;
    [FieldOffset(64)] public nint Message1;
    [FieldOffset(72)] public nint Message2;
    /// <summary>XGenericEventCookie.</summary>
    [FieldOffset(32)] public int CookieExtension;
    [FieldOffset(36)] public int CookieKind;
    [FieldOffset(48)] public RawInput* CookieData;
    /// <summary>XMappingEvent: 0 modifier, 1 keyboard, 2 pointer.</summary>
    [FieldOffset(40)] public int MappingRequest;
    [FieldOffset(44)] public int MappingFirstKeycode;
    [FieldOffset(48)] public int MappingCount;
    /// <summary>XPropertyEvent.</summary>
    [FieldOffset(40)] public nuint PropertyName;
    [FieldOffset(56)] public int PropertyState;
    [FieldOffset(48)] public nuint PropertyTime;
    /// <summary>XSelectionRequestEvent; its owner is <see cref="Window"/>.</summary>
    [FieldOffset(40)] public nuint Requestor;
    [FieldOffset(48)] public nuint RequestSelection;
    [FieldOffset(56)] public nuint RequestTarget;
    [FieldOffset(64)] public nuint RequestProperty;
    [FieldOffset(72)] public nuint RequestTime;
    /// <summary>XSelectionEvent and, its first, XSelectionClearEvent.</summary>
    [FieldOffset(40)] public nuint AnswerSelection;
    [FieldOffset(48)] public nuint AnswerTarget;
    [FieldOffset(56)] public nuint AnswerProperty;
    [FieldOffset(64)] public nuint AnswerTime;
    /// <summary>XFixesSelectionNotifyEvent.</summary>
    [FieldOffset(48)] public nuint NewOwner;
    [FieldOffset(56)] public nuint OwnedSelection;
    [FieldOffset(72)] public nuint OwnedSince;
    /// <summary>XkbAnyEvent and XkbMapNotifyEvent.</summary>
    [FieldOffset(40)] public int XkbKind;
    [FieldOffset(48)] public uint XkbChanged;
    [FieldOffset(66)] public byte XkbFirstKeySymbol;
    [FieldOffset(72)] public int XkbKeySymbolCount;
}

/// <summary>What XIRawEvent, XIDeviceEvent and XIEnterEvent have at the same place, and the place in the window of the latter two.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct RawInput
{
    [FieldOffset(16)] public int IsSent;
    [FieldOffset(40)] public nuint Time;
    /// <summary>Keycode or button.</summary>
    [FieldOffset(56)] public int Detail;
    /// <summary>XIDeviceEvent's and XIEnterEvent's window.</summary>
    [FieldOffset(72)] public nuint Window;
    [FieldOffset(104)] public double X;
    [FieldOffset(112)] public double Y;
    /// <summary>XIDeviceEvent's flags; XIEnterEvent's mode.</summary>
    [FieldOffset(120)] public int Flags;
    [FieldOffset(52)] public int SourceDevice;
    /// <summary>XIDeviceEvent's effective modifiers.</summary>
    [FieldOffset(180)] public int Modifiers;
    /// <summary>XIDeviceEvent's effective group of the keyboard.</summary>
    [FieldOffset(196)] public int Group;
}

/// <summary>_XPrivDisplay of Xlib.h, whose macros have fixed its layout: where the requests lie that wait to be sent.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct DisplayHead
{
    [FieldOffset(168)] private readonly byte* requests;
    [FieldOffset(176)] private byte* requestsEnd;

    public void DropRequests() => requestsEnd = requests;
}

[StructLayout(LayoutKind.Explicit)]
internal struct XErrorEvent
{
    [FieldOffset(32)] public byte Code;
}

[StructLayout(LayoutKind.Explicit)]
internal struct Visual
{
    [FieldOffset(16)] public int Class;
    [FieldOffset(24)] public nuint Red;
    [FieldOffset(32)] public nuint Green;
    [FieldOffset(40)] public nuint Blue;
}

internal struct PixmapFormat
{
    public int Depth, BitsPerPixel, ScanlinePad;
}

/// <summary>The head of XImage.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct XImage
{
    [FieldOffset(0)] public int Width;
    [FieldOffset(4)] public int Height;
    [FieldOffset(16)] public byte* Data;
    [FieldOffset(44)] public int BytesPerLine;
}

internal unsafe struct ShmSegmentInfo
{
    public nuint Segment;
    public int Id;
    public byte* Address;
    public int ReadOnly;
}

internal struct XRectangle
{
    public short X, Y;
    public ushort Width, Height;
}

[StructLayout(LayoutKind.Explicit)]
internal unsafe struct CursorImage
{
    [FieldOffset(4)] public ushort Width;
    [FieldOffset(6)] public ushort Height;
    [FieldOffset(8)] public ushort HotX;
    [FieldOffset(10)] public ushort HotY;
    /// <summary>One ARGB pixel in each unsigned long, premultiplied.</summary>
    [FieldOffset(24)] public nuint* Pixels;
}

[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct MonitorInfo
{
    [FieldOffset(0)] public nuint Name;
    [FieldOffset(8)] public int Primary;
    [FieldOffset(20)] public int X;
    [FieldOffset(24)] public int Y;
    [FieldOffset(28)] public int Width;
    [FieldOffset(32)] public int Height;
}

internal unsafe struct EventMask
{
    public int Device, Length;
    public byte* Bits;
}

internal unsafe struct ModifierKeymap
{
    public int KeysPerModifier;
    public byte* Keycodes;
}

[StructLayout(LayoutKind.Explicit, Size = 20)]
internal struct XkbState
{
    [FieldOffset(0)] public byte Group;
    [FieldOffset(6)] public byte Modifiers;
    [FieldOffset(9)] public byte LockedModifiers;
}
