using System.Text;

namespace RemoteAccess.Sessions;

/// <summary>What an <see cref="InputEvent"/> is.</summary>
public enum InputKind : byte
{
    /// <summary>The pointer moves to X, Y.</summary>
    PointerMove = 1,
    /// <summary>A mouse button goes down or up.</summary>
    Button = 2,
    /// <summary>The wheel turns by X (right positive) and Y (down positive), in notches of 120.</summary>
    Wheel = 3,
    /// <summary>A key goes down or up, named by its keysym.</summary>
    Key = 4,
    /// <summary>One Unicode character is typed: down and up, whatever keys it takes.</summary>
    Text = 5,
}

/// <summary>A mouse button.</summary>
public enum MouseButton : byte
{
    /// <summary>Primary.</summary>
    Left = 1,
    /// <summary>Middle, the wheel.</summary>
    Middle = 2,
    /// <summary>Secondary.</summary>
    Right = 3,
    /// <summary>Back, on the side.</summary>
    Back = 4,
    /// <summary>Forward, on the side.</summary>
    Forward = 5,
}

/// <summary>One act of keyboard or mouse. Make them with the factory methods.</summary>
public readonly record struct InputEvent
{
    private InputEvent(InputKind kind, int x, int y, uint code, bool isDown)
    {
        Kind = kind;
        X = x;
        Y = y;
        Code = code;
        IsDown = isDown;
    }

    /// <summary>Which act.</summary>
    public InputKind Kind { get; }

    /// <summary>Desktop column for a move, 120ths of a notch for the wheel.</summary>
    public int X { get; }

    /// <summary>Desktop row for a move, 120ths of a notch for the wheel.</summary>
    public int Y { get; }

    /// <summary>The keysym, the button's number or the Unicode scalar value.</summary>
    public uint Code { get; }

    /// <summary>Down or up, for keys and buttons.</summary>
    public bool IsDown { get; }

    /// <summary>The pointer moves to a position of the whole desktop, in pixels.</summary>
    public static InputEvent PointerMove(int x, int y) => new(InputKind.PointerMove, x, y, 0, false);

    /// <summary>A mouse button goes down or up where the pointer is.</summary>
    public static InputEvent Button(MouseButton button, bool isDown) => new(InputKind.Button, 0, 0, (uint)button, isDown);

    /// <summary>The wheel turns; 120 is one notch, right and down are positive.</summary>
    public static InputEvent Wheel(int deltaX, int deltaY) => new(InputKind.Wheel, deltaX, deltaY, 0, false);

    /// <summary>A key goes down or up. <paramref name="keysym"/> is the X11 keysym, on every platform.</summary>
    public static InputEvent Key(uint keysym, bool isDown) => new(InputKind.Key, 0, 0, keysym, isDown);

    /// <summary>One character is typed.</summary>
    public static InputEvent Text(Rune character) => new(InputKind.Text, 0, 0, (uint)character.Value, false);
}
