using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Mouse acts as SendInput wants them. Pure.</summary>
internal static class MouseActs
{
    private const int WholeScreen = 65536, Notch = 120;

    /// <summary>To a pixel of the virtual screen, counted from its upper left corner and clamped to it.</summary>
    public static Input MoveTo(int x, int y, PixelSize screen) => new()
    {
        Kind = User32Input.Mouse,
        X = Scale(x, screen.Width),
        Y = Scale(y, screen.Height),
        MouseFlags = User32Input.Move | User32Input.Absolute | User32Input.VirtualDesk,
    };

    /// <summary>
    /// 65536ths of the screen, in the middle of the pixel: Windows takes x × width / 65536 without its fraction, so each pixel is met exactly,
    /// on screens up to 32768 pixels wide.
    /// </summary>
    public static int Scale(int pixel, int pixels) => pixels <= 0 ? 0 : (int)(((Math.Clamp(pixel, 0, pixels - 1) * 2L) + 1) * WholeScreen / (pixels * 2L));

    /// <summary>Buttons by what they do: with the buttons swapped in Windows' settings, primary is the right one.</summary>
    public static Input Press(MouseButton button, bool isDown, bool isSwapped)
    {
        button = (button, isSwapped) switch
        {
            (MouseButton.Left, true) => MouseButton.Right,
            (MouseButton.Right, true) => MouseButton.Left,
            _ => button,
        };
        (uint down, uint up, int data) = button switch
        {
            MouseButton.Left => (User32Input.LeftDown, User32Input.LeftUp, 0),
            MouseButton.Middle => (User32Input.MiddleDown, User32Input.MiddleUp, 0),
            MouseButton.Right => (User32Input.RightDown, User32Input.RightUp, 0),
            MouseButton.Back => (User32Input.XDown, User32Input.XUp, 1),
            MouseButton.Forward => (User32Input.XDown, User32Input.XUp, 2),
            _ => throw new ArgumentOutOfRangeException(nameof(button), button, "There is no such button."),
        };
        return new Input { Kind = User32Input.Mouse, MouseFlags = isDown ? down : up, Data = data };
    }

    /// <summary>Windows counts up as positive, the event down.</summary>
    public static Input TurnDown(int notches) => new() { Kind = User32Input.Mouse, MouseFlags = User32Input.Wheel, Data = -notches * Notch };

    public static Input TurnRight(int notches) => new() { Kind = User32Input.Mouse, MouseFlags = User32Input.HorizontalWheel, Data = notches * Notch };
}
