using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The server's keyboard as it is now: reads its mapping again after a change that is not ours, and its state before each key.</summary>
internal sealed unsafe class Keyboard : IDisposable
{
    private readonly XConnection connection;
    private readonly int xkbEvent;
    private readonly int first;
    private readonly int last;
    private readonly Dictionary<(byte Group, byte Locks), KeyTable> tables = [];
    private nint map;
    private ModifierKeys? modifiers;

    /// <exception cref="DesktopException">The display has no XKB.</exception>
    public Keyboard(XConnection connection)
    {
        this.connection = connection;
        int major = 1, minor = 0;
        if (LibX11Keyboard.XkbQueryExtension(connection.Display, out _, out xkbEvent, out _, ref major, ref minor) == 0)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no XKEYBOARD extension. Enable it in the X server.");
        const uint Changes = LibX11Keyboard.NewKeyboardNotifyMask | LibX11Keyboard.MapNotifyMask;
        _ = LibX11Keyboard.XkbSelectEvents(connection.Display, LibX11Keyboard.UseCoreKeyboard, Changes, Changes);
        _ = LibX11Keyboard.XDisplayKeycodes(connection.Display, out first, out last);
        Spares = new SpareKeycodes(connection, first, last);
    }

    public SpareKeycodes Spares { get; }

    public ModifierKeys Modifiers
    {
        get
        {
            Load();
            return modifiers!;
        }
    }

    public XkbState State
    {
        get
        {
            _ = LibX11Keyboard.XkbGetState(connection.Display, LibX11Keyboard.UseCoreKeyboard, out XkbState state);
            connection.ThrowIfLost();
            return state;
        }
    }

    public KeyTable TableFor(XkbState state)
    {
        Load();
        (byte, byte) key = (state.Group, state.LockedModifiers);
        if (!tables.TryGetValue(key, out KeyTable? table))
            tables[key] = table = new KeyTable(map, state, modifiers!, first, last, Spares.Keycodes);
        return table;
    }

    public void Handle(XEvent* xevent)
    {
        bool changed = xevent->Type == LibX11.MappingNotify
            ? !(xevent->MappingRequest == 1 && Spares.Contain(xevent->MappingFirstKeycode, xevent->MappingCount))
            : xevent->Type == xkbEvent && !(xevent->XkbKind == LibX11Keyboard.XkbMapNotify && IsOfSpares(xevent));
        if (changed) Forget();
    }

    public void Dispose() => Forget();

    /// <summary>The parts of a change that concern single keys all name keys; ours name spare ones. Bits: 1 types, 2 symbols, 4 modifiers.</summary>
    private bool IsOfSpares(XEvent* xevent) =>
        (xevent->XkbChanged & 2) != 0 && (xevent->XkbChanged & 4) == 0 && Spares.Contain(xevent->XkbFirstKeySymbol, xevent->XkbKeySymbolCount);

    private void Load()
    {
        if (map != 0) return;
        map = LibX11Keyboard.XkbGetMap(connection.Display, LibX11Keyboard.AllClientInfo, LibX11Keyboard.UseCoreKeyboard);
        connection.ThrowIfLost();
        if (map == 0) throw new DesktopException(DesktopError.MissingExtension, "The X server gives no keyboard mapping.");
        modifiers = new ModifierKeys(connection, map, first, last);
        Spares.Reconsider(modifiers);
    }

    private void Forget()
    {
        tables.Clear();
        if (map != 0) LibX11Keyboard.XkbFreeKeyboard(map, 0, 1);
        map = 0;
    }
}
