using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>What a window says of itself to window managers, taskbars and what reads windows aloud.</summary>
internal static unsafe class WindowWords
{
    public static void Describe(SurfaceStage stage, nuint window, string title, string type)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(HarmlessText.Line(title));
        Set(stage, window, stage.Atom("_NET_WM_NAME"), stage.Atom("UTF8_STRING"), utf8);
        Set(stage, window, LibX11Window.AtomWmName, stage.Atom("UTF8_STRING"), utf8);
        Set(stage, window, LibX11Window.AtomWmClass, LibX11Window.AtomString, "remoteaccess-surface\0RemoteAccess\0"u8.ToArray());
        Set(stage, window, stage.Atom("_NET_WM_WINDOW_TYPE"), LibX11Window.AtomAtom, (nint)stage.Atom(type));
    }

    /// <summary>A property of 32-bit values, which Xlib takes as longs.</summary>
    public static void Set(SurfaceStage stage, nuint window, nuint property, nuint type, params ReadOnlySpan<nint> values)
    {
        fixed (nint* data = values)
            _ = LibX11.XChangeProperty(stage.Connection.Display, window, property, type, 32, LibX11.PropertyReplace, (byte*)data, values.Length);
    }

    /// <summary>A message to a window, or to who listens on it.</summary>
    public static void Tell(SurfaceStage stage, nuint to, nuint about, nuint type, nint mask, nint first, nint second, nint third)
    {
        XEvent message = new()
        {
            Type = LibX11Window.ClientMessage, Window = about, MessageType = type, MessageFormat = 32, Message0 = first, Message1 = second, Message2 = third,
        };
        _ = LibX11Window.XSendEvent(stage.Connection.Display, to, 0, mask, &message);
    }

    private static void Set(SurfaceStage stage, nuint window, nuint property, nuint type, byte[] value)
    {
        fixed (byte* data = value) _ = LibX11.XChangeProperty(stage.Connection.Display, window, property, type, 8, LibX11.PropertyReplace, data, value.Length);
    }
}
