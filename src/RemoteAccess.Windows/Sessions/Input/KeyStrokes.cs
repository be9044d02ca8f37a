using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Keys by keysym and characters by code point, as SendInput wants them, and the account of what is down. A character's key is looked for in the
/// keyboard layout of the window in front, Shift pressed or let go around it; one that has no key there, or needs AltGr, comes as Unicode. AltGr
/// itself is only noted: what it would make of a key arrives as the keysym it makes.
/// </summary>
internal sealed class KeyStrokes(InputSink sink, IKeyboardLayout layout, ISecureAttention attention)
{
    private const uint Level3Shift = 0xfe03, ModeSwitch = 0xff7e;

    private readonly List<Stroke> held = [];
    private bool isLevel3;

    public bool IsAnythingDown => held.Count > 0;

    /// <summary>Types one character: Unicode, so that layout, CapsLock and Shift do not matter.</summary>
    public void Type(Rune character)
    {
        Stroke stroke = (uint)character.Value switch
        {
            '\n' or '\r' => Stroke.Of(0, new KeyCode(KeyCode.Return, false)),
            '\t' => Stroke.Of(0, new KeyCode(KeyCode.Tab, false)),
            '\b' => Stroke.Of(0, new KeyCode(KeyCode.Back, false)),
            0x1b => Stroke.Of(0, new KeyCode(KeyCode.Escape, false)),
            0x7f => Stroke.Of(0, new KeyCode(KeyCode.Delete, true)),
            < 0x20 or (> 0x7f and < 0xa0) => default,
            _ => Stroke.Of(0, character.Value),
        };
        InputList inputs = new(stackalloc Input[InputList.Capacity]);
        Add(ref inputs, stroke, true);
        Add(ref inputs, stroke, false);
        if (inputs.Count > 0) sink.Send(inputs.Inputs);
    }

    /// <summary>A key down. Once more, if it is down already: Windows does not repeat injected keys by itself.</summary>
    public void Press(uint keysym)
    {
        if (keysym is Level3Shift or ModeSwitch)
        {
            isLevel3 = true;
            return;
        }
        if (Find(keysym) is { } repeated)
        {
            Send(repeated, true, false);
            return;
        }
        if (WindowsKeys.Of(keysym) is { } key)
        {
            if (key.Key == KeyCode.Delete && Holds(KeyCode.LeftControl, KeyCode.RightControl) && Holds(KeyCode.LeftAlt, KeyCode.RightAlt)) attention.Send();
            else Press(Stroke.Of(keysym, key), false);
        }
        else if (WindowsKeys.CharacterOf(keysym) is > 0 and var character)
        {
            Stroke stroke = StrokeFor(keysym, character, out bool otherShift);
            Press(stroke, otherShift);
        }
    }

    /// <summary>A key up: the one that went down as this keysym, or as its other case (Shift came or went in between).</summary>
    public void Release(uint keysym)
    {
        if (keysym is Level3Shift or ModeSwitch) isLevel3 = false;
        else if ((Find(keysym) ?? FindOtherCase(keysym)) is { } stroke) LetGo(stroke);
    }

    /// <summary>The last one first. What Windows does not take is given up: the desktop that had it down is gone.</summary>
    public void ReleaseAll()
    {
        isLevel3 = false;
        Span<Input> storage = stackalloc Input[InputList.Capacity];
        for (int i = held.Count - 1; i >= 0; i--)
        {
            InputList inputs = new(storage);
            Add(ref inputs, held[i], false);
            _ = sink.TrySend(inputs.Inputs);
        }
        held.Clear();
    }

    private Stroke StrokeFor(uint keysym, int character, out bool otherShift)
    {
        otherShift = false;
        bool isChord = !isLevel3 && Holds(KeyCode.LeftControl, KeyCode.RightControl, KeyCode.LeftAlt, KeyCode.RightAlt, KeyCode.LeftWindows, KeyCode.RightWindows);
        bool isLetter = Rune.ToLowerInvariant(new Rune(character)) != Rune.ToUpperInvariant(new Rune(character));
        if (isChord && isLetter) character = Rune.ToLowerInvariant(new Rune(character)).Value;
        if (layout.Find(character) is { NeedsOthers: false } place)
        {
            // The modifiers of a chord stay as the person at the viewer holds them.
            bool needsShift = place.NeedsShift != (isLetter && layout.IsCapsLockOn);
            otherShift = !(isChord && isLetter) && needsShift != Holds(KeyCode.LeftShift, KeyCode.RightShift);
            return Stroke.Of(keysym, new KeyCode(place.Key, false));
        }
        // Ctrl+C where the layout has no Latin letters: their keys have the letters' codes all the same.
        if (isChord && character is (>= 'a' and <= 'z') or (>= '0' and <= '9')) return Stroke.Of(keysym, new KeyCode((ushort)char.ToUpperInvariant((char)character), false));
        return Stroke.Of(keysym, character);
    }

    private void Press(Stroke stroke, bool otherShift)
    {
        held.Add(stroke);
        Send(stroke, true, otherShift);
    }

    private void LetGo(Stroke stroke)
    {
        Send(stroke, false, false);
        held.Remove(stroke);
    }

    private void Send(Stroke stroke, bool isDown, bool otherShift)
    {
        InputList inputs = new(stackalloc Input[InputList.Capacity]);
        if (otherShift) AddShifts(ref inputs, around: true);
        Add(ref inputs, stroke, isDown);
        if (otherShift) AddShifts(ref inputs, around: false);
        sink.Send(inputs.Inputs);
    }

    /// <summary>Before the key, the shift that is held goes up, or one that is not goes down; after it, the reverse.</summary>
    private void AddShifts(ref InputList inputs, bool around)
    {
        bool any = false;
        foreach (Stroke stroke in held)
        {
            if (stroke.Code is not { Key: KeyCode.LeftShift or KeyCode.RightShift }) continue;
            any = true;
            Add(ref inputs, stroke, !around);
        }
        if (!any) Add(ref inputs, Stroke.Of(0, new KeyCode(KeyCode.LeftShift, false)), around);
    }

    private void Add(ref InputList inputs, Stroke stroke, bool isDown)
    {
        uint up = isDown ? 0 : User32Input.KeyUp;
        if (stroke.Code is { } key)
        {
            inputs.Add(new Input { Kind = User32Input.Keyboard, Key = key.Key, ScanCode = layout.ScanCodeOf(key.Key), KeyFlags = up | (key.IsExtended ? User32Input.Extended : 0) });
            return;
        }
        if (stroke.Character == 0) return;
        Span<char> units = stackalloc char[2];
        foreach (char unit in units[..new Rune(stroke.Character).EncodeToUtf16(units)])
        {
            inputs.Add(new Input { Kind = User32Input.Keyboard, ScanCode = unit, KeyFlags = User32Input.Unicode | up });
        }
    }

    private bool Holds(params ReadOnlySpan<ushort> keys)
    {
        foreach (Stroke stroke in held)
        {
            if (stroke.Code is { } code && keys.Contains(code.Key)) return true;
        }
        return false;
    }

    private Stroke? Find(uint keysym)
    {
        foreach (Stroke stroke in held)
        {
            if (stroke.Keysym == keysym) return stroke;
        }
        return null;
    }

    private Stroke? FindOtherCase(uint keysym)
    {
        int character = WindowsKeys.CharacterOf(keysym);
        if (character == 0) return null;
        Rune rune = new(character), lower = Rune.ToLowerInvariant(rune), upper = Rune.ToUpperInvariant(rune);
        return Find(Keysym.Of(lower == rune ? upper : lower));
    }

    /// <summary>One thing to press: a key, or a character as Unicode.</summary>
    private readonly record struct Stroke(uint Keysym, KeyCode? Code, int Character)
    {
        public static Stroke Of(uint keysym, KeyCode code) => new(keysym, code, 0);

        public static Stroke Of(uint keysym, int character) => new(keysym, null, character);
    }
}
