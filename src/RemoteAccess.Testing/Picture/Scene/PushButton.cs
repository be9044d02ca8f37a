namespace RemoteAccess.Picture;

/// <summary>A button: it looks pressed while the pointer holds it, and acts when let go inside.</summary>
internal sealed class PushButton(DamageRegion dirty, string label, Action act)
{
    private bool isHeld;
    private bool isDown;

    public PixelRect Bounds { get; set; }

    public bool TryPress(int x, int y)
    {
        isHeld = SceneWindow.Contains(Bounds, x, y);
        Show(isHeld);
        return isHeld;
    }

    public void Drag(int x, int y) => Show(isHeld && SceneWindow.Contains(Bounds, x, y));

    public void Release(int x, int y)
    {
        bool acts = isHeld && SceneWindow.Contains(Bounds, x, y);
        isHeld = false;
        Show(false);
        if (acts) act();
    }

    public void Paint(PixelCanvas canvas)
    {
        RoundedPanel.Fill(canvas, Bounds, 6, isDown ? Palette.AccentDark : Palette.ButtonEdge);
        PixelRect inside = new(Bounds.X + 1, Bounds.Y + 1, Bounds.Width - 2, Bounds.Height - 2);
        RoundedPanel.Fill(canvas, inside, 5, isDown ? Palette.ButtonDown : Palette.Button);
        int x = Bounds.X + (Bounds.Width - BitmapFont.Measure(label)) / 2, y = Bounds.Y + (Bounds.Height - Glyph.CellHeight) / 2;
        BitmapFont.Draw(canvas, x, isDown ? y + 1 : y, label, Palette.Text);
    }

    private void Show(bool down)
    {
        if (isDown == down) return;
        isDown = down;
        dirty.Add(Bounds);
    }
}
