using System.Text;

namespace RemoteAccess.Picture;

/// <summary>A window: frame, title bar, shadow, and a client area that the kind of window paints. Positions are the desktop's.</summary>
internal abstract class SceneWindow(DamageRegion dirty, string title, int order)
{
    public const int TitleHeight = 32;

    private const int Radius = 8;
    private bool isActive;

    public string Title => title;

    /// <summary>Its place among the windows on the task bar, which does not change.</summary>
    public int Order => order;

    public PixelRect Bounds { get; private set; }

    public PixelRect TitleBar => Bounds with { Height = Math.Min(TitleHeight, Bounds.Height) };

    /// <summary>All it can cover, shadow included.</summary>
    public PixelRect Outer => RoundedPanel.WithShadow(Bounds).Union(Bounds);

    /// <summary>What it hides completely, whatever lies under it.</summary>
    public PixelRect Opaque => new(Bounds.X + 1, Bounds.Y + Radius, Bounds.Width - 2, Bounds.Height - 2 * Radius);

    /// <summary>It is in front and takes the keyboard.</summary>
    public bool IsActive
    {
        get => isActive;
        set
        {
            if (isActive == value) return;
            isActive = value;
            Dirty.Add(Bounds);
        }
    }

    protected DamageRegion Dirty => dirty;

    protected PixelRect Client => new(Bounds.X + 1, Bounds.Y + TitleHeight, Bounds.Width - 2, Bounds.Height - TitleHeight - 1);

    public void Place(PixelRect bounds)
    {
        if (bounds == Bounds) return;
        Dirty.Add(Outer);
        Bounds = bounds;
        Dirty.Add(Outer);
        Arrange();
    }

    public void Paint(PixelCanvas canvas)
    {
        if (Outer.Intersect(canvas.Clip).IsEmpty) return;
        if (!Contains(Opaque, canvas.Clip))
        {
            RoundedPanel.Shadow(canvas, Bounds);
            RoundedPanel.Fill(canvas, Bounds, Radius, Palette.Frame);
        }

        PixelRect inside = new(Bounds.X + 1, Bounds.Y + 1, Bounds.Width - 2, Bounds.Height - 2);
        RoundedPanel.Fill(canvas, inside with { Y = Client.Y, Height = Client.Height }, Radius - 1, Palette.Client, RoundCorners.Bottom);
        RoundedPanel.Fill(canvas, inside with { Height = TitleHeight - 2 }, Radius - 1, isActive ? Palette.TitleActive : Palette.TitleIdle, RoundCorners.Top);
        canvas.Fill(new PixelRect(inside.X, Client.Y - 1, inside.Width, 1), Palette.FieldBorder);
        RoundedPanel.Fill(canvas, new PixelRect(Bounds.X + 13, Bounds.Y + 11, 10, 10), 5, isActive ? Palette.Accent : Palette.Frame);
        BitmapFont.Draw(canvas, Bounds.X + 32, Bounds.Y + 8, title, isActive ? Palette.Text : Palette.DimText, bold: true);
        PixelRect before = canvas.Clip;
        canvas.Clip = Client.Intersect(before);
        if (!canvas.Clip.IsEmpty) PaintClient(canvas);
        canvas.Clip = before;
    }

    /// <summary>The primary button goes down inside the client area.</summary>
    public virtual void Press(int x, int y)
    {
    }

    /// <summary>The pointer moves while the primary button, pressed in the client area, is down.</summary>
    public virtual void Drag(int x, int y)
    {
    }

    /// <summary>The primary button, pressed in the client area, goes up.</summary>
    public virtual void Release(int x, int y)
    {
    }

    /// <summary>The wheel turns over the window by so many 120ths of a notch, down positive.</summary>
    public virtual void Wheel(int x, int y, int delta)
    {
    }

    /// <summary>A character is typed while the window is active.</summary>
    public virtual void Type(Rune character)
    {
    }

    /// <summary>A key that edits is pressed while the window is active.</summary>
    public virtual void Edit(EditKey key)
    {
    }

    public virtual CursorShape CursorAt(int x, int y) => CursorShapes.Arrow;

    public static bool Contains(PixelRect area, int x, int y) => x >= area.X && x < area.Right && y >= area.Y && y < area.Bottom;

    public static bool Contains(PixelRect area, PixelRect part) => !part.IsEmpty && area.Intersect(part) == part;

    /// <summary>The window has a new place.</summary>
    protected abstract void Arrange();

    protected abstract void PaintClient(PixelCanvas canvas);
}
