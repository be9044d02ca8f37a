using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libX11: core keyboard mapping and XKB.</summary>
internal static unsafe partial class LibX11Keyboard
{
    public const uint UseCoreKeyboard = 0x100;
    public const uint AllClientInfo = 7;
    public const uint NewKeyboardNotifyMask = 1 << 0, MapNotifyMask = 1 << 1;
    public const int XkbNewKeyboardNotify = 0, XkbMapNotify = 1;

    [LibraryImport(LibX11.File)] public static partial int XDisplayKeycodes(nint display, out int min, out int max);
    [LibraryImport(LibX11.File)] public static partial nuint* XGetKeyboardMapping(nint display, byte first, int count, out int symbolsPerKeycode);
    [LibraryImport(LibX11.File)] public static partial int XChangeKeyboardMapping(nint display, int first, int symbolsPerKeycode, nuint* symbols, int count);
    [LibraryImport(LibX11.File)] public static partial ModifierKeymap* XGetModifierMapping(nint display);
    [LibraryImport(LibX11.File)] public static partial int XFreeModifiermap(ModifierKeymap* map);
    [LibraryImport(LibX11.File)] public static partial int XQueryKeymap(nint display, byte* keys32);
    [LibraryImport(LibX11.File)] public static partial void XConvertCase(nuint symbol, out nuint lower, out nuint upper);

    [LibraryImport(LibX11.File)]
    public static partial int XkbQueryExtension(nint display, out int opcode, out int firstEvent, out int firstError, ref int major, ref int minor);

    [LibraryImport(LibX11.File)] public static partial nint XkbGetMap(nint display, uint which, uint device);
    [LibraryImport(LibX11.File)] public static partial void XkbFreeKeyboard(nint description, uint which, int freeAll);

    [LibraryImport(LibX11.File)]
    public static partial int XkbTranslateKeyCode(nint description, byte keycode, uint modifiersAndGroup, out uint consumed, out nuint symbol);

    /// <summary>By the mapping that Xlib keeps, which <see cref="XRefreshKeyboardMapping"/> has it read anew.</summary>
    [LibraryImport(LibX11.File)] public static partial int XkbLookupKeySym(nint display, byte keycode, uint modifiersAndGroup, out uint consumed, out nuint symbol);

    [LibraryImport(LibX11.File)] public static partial int XRefreshKeyboardMapping(XEvent* mapping);
    [LibraryImport(LibX11.File)] public static partial int XkbGetState(nint display, uint device, out XkbState state);
    [LibraryImport(LibX11.File)] public static partial int XkbLockModifiers(nint display, uint device, uint affect, uint values);
    [LibraryImport(LibX11.File)] public static partial int XkbSelectEvents(nint display, uint device, uint affect, uint values);
}
