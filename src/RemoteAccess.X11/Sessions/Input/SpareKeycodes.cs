using System.Diagnostics;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Keycodes that no key of the keyboard has, lent to characters the keyboard lacks. A client asks for the new mapping when it comes to
/// the notification, which lies before the key in its queue; what it then gets is the mapping of that moment. So a keycode keeps its
/// character until every client has had <see cref="SettleTime"/> to get there, and the ones that have rested longest are taken first.
/// </summary>
internal sealed unsafe class SpareKeycodes
{
    /// <summary>How long after a key the mapping it was typed with stays.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(500);

    private readonly XConnection connection;
    private readonly int first;
    private readonly int last;
    private readonly List<Spare> spares = [];

    public SpareKeycodes(XConnection connection, int first, int last)
    {
        this.connection = connection;
        this.first = first;
        this.last = last;
    }

    public HashSet<byte> Keycodes { get; } = [];

    public bool HasMapped => spares.Exists(spare => spare.Keysym != 0);

    public IEnumerable<byte> Mapped => spares.Where(spare => spare.Keysym != 0).Select(spare => spare.Keycode);

    public bool Contain(int firstKeycode, int count) => Enumerable.Range(firstKeycode, count).All(keycode => Keycodes.Contains((byte)keycode));

    /// <summary>Finds the keycodes without any keysym; ones in use stay.</summary>
    public void Reconsider(ModifierKeys modifiers)
    {
        nuint* symbols = LibX11Keyboard.XGetKeyboardMapping(connection.Display, (byte)first, last - first + 1, out int width);
        connection.ThrowIfLost();
        if (symbols == null) return;
        for (int keycode = first; keycode <= last; keycode++)
        {
            ReadOnlySpan<nuint> own = new(symbols + ((keycode - first) * width), width);
            bool isEmpty = !own.ContainsAnyExcept((nuint)0) && modifiers.MaskOfKey((byte)keycode) == 0;
            Spare? known = spares.Find(spare => spare.Keycode == keycode);
            if (known is null && isEmpty) spares.Add(new Spare((byte)keycode));
            // A new layout has taken our mapping away.
            else if (known is not null && isEmpty) known.Keysym = 0;
            // Somebody else has given it a meaning: it is theirs.
            else if (known is not null && own[0] != known.Keysym) spares.Remove(known);
        }
        _ = LibX11.XFree(symbols);
        Keycodes.Clear();
        Keycodes.UnionWith(spares.Select(spare => spare.Keycode));
    }

    /// <summary>The keycode that has this keysym now; 0 for none.</summary>
    public byte Find(uint keysym) => spares.Find(spare => spare.Keysym == keysym)?.Keycode ?? 0;

    /// <summary>The keycode to use next and how long it must still rest; 0 when there is none that is not held down.</summary>
    public byte Next(Func<byte, bool> isHeld, out TimeSpan rest)
    {
        Spare? next = spares.Where(spare => !isHeld(spare.Keycode)).MinBy(spare => spare.LastUse);
        rest = next is null || next.Keysym == 0 ? TimeSpan.Zero : Remaining(next, SettleTime);
        return next?.Keycode ?? 0;
    }

    /// <summary>Until the last use of any lent keycode is this long ago.</summary>
    public TimeSpan UntilRested(TimeSpan rest) =>
        spares.Where(spare => spare.Keysym != 0).Select(spare => Remaining(spare, rest)).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Gives a keycode one keysym at every level, so that no modifier changes it; 0 takes it away.</summary>
    public void Map(byte keycode, uint keysym)
    {
        nuint* both = stackalloc nuint[2] { keysym, keysym };
        _ = LibX11Keyboard.XChangeKeyboardMapping(connection.Display, keycode, keysym == 0 ? 1 : 2, both, 1);
        spares.Find(spare => spare.Keycode == keycode)!.Keysym = keysym;
    }

    public void NoteUse(byte keycode)
    {
        if (spares.Find(spare => spare.Keycode == keycode) is { } spare) spare.LastUse = Stopwatch.GetTimestamp();
    }

    private static TimeSpan Remaining(Spare spare, TimeSpan rest)
    {
        TimeSpan left = rest - Stopwatch.GetElapsedTime(spare.LastUse);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private sealed class Spare(byte keycode)
    {
        public byte Keycode { get; } = keycode;

        public uint Keysym { get; set; }

        public long LastUse { get; set; }
    }
}
