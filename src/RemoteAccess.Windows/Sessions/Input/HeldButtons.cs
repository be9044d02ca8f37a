using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Mouse buttons by SendInput, and the account of what is down.</summary>
internal sealed class HeldButtons(InputSink sink)
{
    private readonly bool[] isDown = new bool[(int)MouseButton.Forward + 1];
    private readonly bool[] wasSwapped = new bool[(int)MouseButton.Forward + 1];

    public bool IsAnythingDown => isDown.Contains(true);

    public void Press(MouseButton button, bool down)
    {
        // One that is down goes up as what it went down as, whatever the settings say meanwhile.
        if (down && !isDown[(int)button]) wasSwapped[(int)button] = User32Screen.GetSystemMetrics(User32Screen.SwapButton) != 0;
        isDown[(int)button] |= down;
        Input input = MouseActs.Press(button, down, wasSwapped[(int)button]);
        sink.Send(new Span<Input>(ref input));
        isDown[(int)button] = down;
    }

    public void ReleaseAll()
    {
        for (int i = 0; i < isDown.Length; i++)
        {
            if (!isDown[i]) continue;
            Input input = MouseActs.Press((MouseButton)i, false, wasSwapped[i]);
            _ = sink.TrySend(new Span<Input>(ref input));
            isDown[i] = false;
        }
    }
}
