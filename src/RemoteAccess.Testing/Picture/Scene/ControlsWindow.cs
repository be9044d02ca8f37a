using System.Globalization;

namespace RemoteAccess.Picture;

/// <summary>The window with two buttons: one counts, one switches a lamp.</summary>
internal sealed class ControlsWindow : SceneWindow
{
    private const int Margin = 20, ButtonWidth = 132, ButtonHeight = 36, LampSize = 36;

    private readonly PushButton count;
    private readonly PushButton lamp;

    public ControlsWindow(DamageRegion dirty, int order) : base(dirty, "Controls", order)
    {
        count = new PushButton(dirty, "Count", () =>
        {
            Clicks++;
            dirty.Add(Counter);
        });
        lamp = new PushButton(dirty, "Switch lamp", () =>
        {
            LampIsOn = !LampIsOn;
            dirty.Add(Lamp);
        });
    }

    public int Clicks { get; private set; }

    public bool LampIsOn { get; private set; }

    public PixelRect CountButton => count.Bounds;

    public PixelRect LampButton => lamp.Bounds;

    public PixelRect Counter { get; private set; }

    public PixelRect Lamp { get; private set; }

    public override void Press(int x, int y)
    {
        if (!count.TryPress(x, y)) lamp.TryPress(x, y);
    }

    public override void Drag(int x, int y)
    {
        count.Drag(x, y);
        lamp.Drag(x, y);
    }

    public override void Release(int x, int y)
    {
        count.Release(x, y);
        lamp.Release(x, y);
    }

    protected override void Arrange()
    {
        int top = Client.Y + Margin, right = Client.X + Margin + ButtonWidth + Margin;
        count.Bounds = new PixelRect(Client.X + Margin, top, ButtonWidth, ButtonHeight);
        lamp.Bounds = count.Bounds with { Y = count.Bounds.Bottom + Margin };
        Counter = new PixelRect(right, top, Math.Max(0, Client.Right - 2 - right), ButtonHeight);
        Lamp = new PixelRect(right, lamp.Bounds.Y, LampSize, LampSize);
    }

    protected override void PaintClient(PixelCanvas canvas)
    {
        count.Paint(canvas);
        lamp.Paint(canvas);
        BitmapFont.Draw(canvas, Counter.X, Counter.Y + 2, Clicks.ToString(CultureInfo.InvariantCulture), Palette.Accent, scale: 2);
        RoundedPanel.Fill(canvas, Lamp, LampSize / 2, LampIsOn ? Palette.LampOn : Palette.LampOff);
        PixelRect shine = new(Lamp.X + 7, Lamp.Y + 7, Lamp.Width - 14, Lamp.Height - 14);
        RoundedPanel.Fill(canvas, shine, 11, LampIsOn ? Palette.LampGlow : Palette.Button);
    }
}
