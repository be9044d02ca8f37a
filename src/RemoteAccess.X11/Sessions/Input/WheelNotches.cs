namespace RemoteAccess.Sessions;

/// <summary>Turns 120ths of a notch into the button clicks X11 knows; what is less than a notch waits for more in the same direction.</summary>
internal sealed class WheelNotches
{
    private const int Notch = 120;

    /// <summary>Bounds what one event can cause.</summary>
    public const int MaxNotches = 100;

    private int restX;
    private int restY;

    /// <summary>Whole notches to the right (negative: left) and down (negative: up), each at most <see cref="MaxNotches"/> far.</summary>
    public (int X, int Y) Turn(int deltaX, int deltaY) => (Turn(ref restX, deltaX), Turn(ref restY, deltaY));

    private static int Turn(ref int rest, int delta)
    {
        delta = Math.Clamp(delta, -MaxNotches * Notch, MaxNotches * Notch);
        if (rest != 0 && delta != 0 && Math.Sign(rest) != Math.Sign(delta)) rest = 0;
        rest += delta;
        int notches = Math.Clamp(rest / Notch, -MaxNotches, MaxNotches);
        rest -= notches * Notch;
        return notches;
    }
}
