using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Keys by keysym and characters by code point, as presses of keycodes: the key that has it, with Shift and AltGr pressed or let go
/// around it as needed; else a lent spare keycode.
/// </summary>
internal sealed class KeyStrokes(XConnection connection, Keyboard keyboard, HeldInput held, InputNote note, Func<TimeSpan, bool> pause)
{
    private readonly Dictionary<uint, byte> heldBySymbol = [];

    /// <summary>Types one character. False when it was interrupted before that.</summary>
    public bool Type(Rune character)
    {
        uint keysym = Keysyms.Of(character);
        if (keysym == 0) return true;
        XkbState state = keyboard.State;
        KeyLevel active = keyboard.Modifiers.LevelOf(state);
        if (TryFindKey(keysym, state, active, out byte keycode, out KeyLevel needed))
        {
            if (held.IsDown(keycode)) LetGo(keycode);
            AtLevel(active, needed, () => Click(keycode));
            return true;
        }
        if (!TryLend(keysym, out keycode)) return false;
        WithoutCapitals(keysym, state, () => Click(keycode));
        keyboard.Spares.NoteUse(keycode);
        return true;
    }

    /// <summary>A key down. False when it was interrupted before that.</summary>
    public bool Press(uint keysym)
    {
        // The server repeats a held key by itself.
        if (heldBySymbol.ContainsKey(keysym)) return true;
        XkbState state = keyboard.State;
        KeyLevel active = keyboard.Modifiers.LevelOf(state);
        if (TryFindForPress(keysym, state, active, out byte keycode, out KeyLevel needed))
        {
            if (!held.IsDown(keycode)) AtLevel(active, needed, () => held.PressKey(keycode));
            heldBySymbol[keysym] = keycode;
            return true;
        }
        if (!Keysyms.MayBeMapped(keysym)) return true;
        if (!TryLend(keysym, out keycode)) return false;
        WithoutCapitals(keysym, state, () => held.PressKey(keycode));
        heldBySymbol[keysym] = keycode;
        return true;
    }

    /// <summary>A key up: the one that went down as this keysym, or the one that has it, whatever it went down as (Shift came or went in between).</summary>
    public void Release(uint keysym)
    {
        if (!heldBySymbol.Remove(keysym, out byte keycode))
        {
            XkbState state = keyboard.State;
            (uint lower, uint upper) = Keysyms.Cases(keysym);
            if (!TryFindKey(keysym, state, KeyLevel.None, out keycode, out _) || !held.IsDown(keycode))
            {
                uint other = keysym == lower ? upper : lower;
                if (!heldBySymbol.Remove(other, out keycode)) return;
            }
        }
        LetGo(keycode);
    }

    public void ReleaseAll()
    {
        foreach (byte keycode in heldBySymbol.Values) keyboard.Spares.NoteUse(keycode);
        heldBySymbol.Clear();
        held.ReleaseAll();
    }

    /// <summary>Takes lent mappings away from all keycodes that are not held.</summary>
    public void TakeBack()
    {
        byte[] lent = keyboard.Spares.Mapped.Where(keycode => !held.IsDown(keycode)).ToArray();
        foreach (byte keycode in lent) keyboard.Spares.Map(keycode, 0);
        _ = connection.Sync();
        foreach (byte keycode in lent) note.SetLent(keycode, false);
        note.Write();
    }

    private bool TryFindForPress(uint keysym, XkbState state, KeyLevel active, out byte keycode, out KeyLevel needed)
    {
        (uint lower, uint upper) = Keysyms.Cases(keysym);
        bool isLetterOfChord = lower != upper && keyboard.Modifiers.IsChord(state);
        bool found = isLetterOfChord
            ? TryFindKey(lower, state, KeyLevel.None, out keycode, out needed) || TryFindKey(upper, state, KeyLevel.None, out keycode, out needed)
            : TryFindKey(keysym, state, active, out keycode, out needed);
        // Shift+Tab, Ctrl+Shift+C and AltGr itself are chords of the person at the viewer: their modifiers stay as they are.
        if (isLetterOfChord || !Keysyms.IsCharacter(keysym)) needed = active;
        return found;
    }

    private bool TryFindKey(uint keysym, XkbState state, KeyLevel active, out byte keycode, out KeyLevel needed)
    {
        KeyTable table = keyboard.TableFor(state);
        uint legacy = Keysyms.LegacyOf(keysym);
        return table.TryFind(keysym, active, out keycode, out needed) || (legacy != 0 && table.TryFind(legacy, active, out keycode, out needed));
    }

    private void LetGo(byte keycode)
    {
        foreach (uint alias in heldBySymbol.Where(pair => pair.Value == keycode).Select(pair => pair.Key).ToArray()) heldBySymbol.Remove(alias);
        keyboard.Spares.NoteUse(keycode);
        if (held.IsDown(keycode)) held.ReleaseKey(keycode);
    }

    private void Click(byte keycode)
    {
        held.PressKey(keycode);
        held.ReleaseKey(keycode);
    }

    private void AtLevel(KeyLevel active, KeyLevel needed, Action act)
    {
        List<byte> released = [], pressed = [];
        foreach (KeyLevel level in (ReadOnlySpan<KeyLevel>)[KeyLevel.Shift, KeyLevel.Level3])
        {
            if (((active ^ needed) & level) == 0) continue;
            if (needed.HasFlag(level)) pressed.Add(keyboard.Modifiers.KeyOf(level));
            else released.AddRange(held.Keys.Where(keycode => (keyboard.Modifiers.MaskOfKey(keycode) & keyboard.Modifiers.MaskOf(level)) != 0));
        }
        foreach (byte keycode in released) held.ReleaseKey(keycode);
        foreach (byte keycode in pressed) held.PressKey(keycode);
        act();
        foreach (byte keycode in pressed) held.ReleaseKey(keycode);
        foreach (byte keycode in released) held.PressKey(keycode);
    }

    private bool TryLend(uint keysym, out byte keycode)
    {
        keycode = keyboard.Spares.Find(keysym);
        if (keycode != 0) return true;
        keycode = keyboard.Spares.Next(held.IsDown, out TimeSpan rest);
        if (keycode == 0) throw new DesktopException(DesktopError.MissingExtension, "The keyboard mapping has no free keycode for a character that no key types. Choose a layout that has the character.");
        if (rest > TimeSpan.Zero && !pause(rest)) return false;
        note.SetLent(keycode, true);
        note.Write();
        keyboard.Spares.Map(keycode, keysym);
        return true;
    }

    /// <summary>A lent keycode gives small letters as capitals while CapsLock is on; so CapsLock is off while it is pressed.</summary>
    private void WithoutCapitals(uint keysym, XkbState state, Action press)
    {
        if (!ModifierKeys.HasCapsLock(state) || Keysyms.Cases(keysym).Upper == keysym)
        {
            press();
            return;
        }
        note.Locks = ModifierKeys.CapsLockMask;
        note.Write();
        Lock(0);
        press();
        Lock(ModifierKeys.CapsLockMask);
        note.Locks = 0;
    }

    private void Lock(uint values) =>
        _ = LibX11Keyboard.XkbLockModifiers(connection.Display, LibX11Keyboard.UseCoreKeyboard, ModifierKeys.CapsLockMask, values);
}
