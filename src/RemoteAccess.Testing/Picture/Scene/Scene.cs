using System.Text;
using RemoteAccess.Sessions;

namespace RemoteAccess.Picture;

/// <summary>What is on the virtual desktop and how it answers to pointer and keyboard. Not thread-safe: the screen's gate guards it.</summary>
internal sealed class Scene
{
    private readonly string computerName;
    private readonly bool isBlank;
    private readonly WindowStack stack;
    private readonly Keyboard keyboard = new();
    private readonly HashSet<MouseButton> buttons = [];
    private Wallpaper[] wallpapers = [];
    private PixelRect desktop;
    private SceneWindow? pressedWindow;
    private (SceneWindow Window, int X, int Y)? dragged;

    public Scene(string computerName, bool isBlank)
    {
        this.computerName = computerName;
        this.isBlank = isBlank;
        Bar = new TaskBar(Dirty, computerName);
        Notes = new NotesWindow(Dirty, 0);
        Controls = new ControlsWindow(Dirty, 1);
        stack = new WindowStack(Bar, Dirty, isBlank ? [] : [Controls, Notes]);
    }

    /// <summary>What must be painted again.</summary>
    public DamageRegion Dirty { get; } = new();

    public TaskBar Bar { get; }

    public NotesWindow Notes { get; }

    public ControlsWindow Controls { get; }

    public Keyboard Keyboard => keyboard;

    public IReadOnlyCollection<MouseButton> Buttons => buttons;

    public int PointerX { get; private set; }

    public int PointerY { get; private set; }

    public CursorState Cursor => new(PointerX, PointerY, CursorUnderPointer());

    public void Rearrange(ScreenLayout layout)
    {
        bool isFirst = desktop.IsEmpty;
        desktop = new PixelRect(0, 0, layout.Size.Width, layout.Size.Height);
        Dirty.Limit = desktop;
        if (!isBlank)
        {
            wallpapers = [.. layout.Monitors.Select(monitor => new Wallpaper(monitor.Area, computerName))];
            Bar.Place(layout.Monitors[0].Area);
            stack.Arrange(desktop, layout.Monitors[0].Area, isFirst);
        }

        (PointerX, PointerY) = isFirst ? (desktop.Width / 2, desktop.Height / 2) : Clamped(PointerX, PointerY);
        Dirty.ReplaceBy(desktop);
    }

    public void Show(DateTimeOffset now)
    {
        if (!isBlank) Bar.Show(now);
    }

    /// <summary>Takes one act of keyboard or mouse, whoever did it.</summary>
    public void Take(InputEvent input)
    {
        switch (input.Kind)
        {
            case InputKind.PointerMove:
                MovePointer(input.X, input.Y);
                break;
            case InputKind.Button:
                TakeButton((MouseButton)input.Code, input.IsDown);
                break;
            case InputKind.Wheel:
                stack.At(PointerX, PointerY)?.Wheel(PointerX, PointerY, input.Y);
                break;
            case InputKind.Key when input.IsDown:
                Press(keyboard.Press(input.Code));
                break;
            case InputKind.Key:
                keyboard.Release(input.Code);
                break;
            case InputKind.Text:
                Press(Keyboard.Typed(new Rune(input.Code)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(input), input.Kind, "Unknown kind of input. Make events with InputEvent's factory methods.");
        }
    }

    public void Raise(SceneWindow window)
    {
        if (!isBlank) stack.Raise(window);
    }

    public void MoveWindow(SceneWindow window, int x, int y)
    {
        if (isBlank) return;
        stack.Raise(window);
        stack.Move(window, x, y);
    }

    /// <summary>No key and no button is down any more.</summary>
    public void ReleaseAll()
    {
        keyboard.ReleaseAll();
        buttons.Clear();
        LetGo();
    }

    /// <summary>Paints what is dirty; the caller publishes the rectangles and clears them.</summary>
    public void Paint(PixelCanvas canvas)
    {
        foreach (PixelRect area in Dirty.Rectangles)
        {
            canvas.Clip = area;
            if (isBlank) canvas.Fill(area, Palette.Blank);
            else PaintAround(canvas, area, stack.BottomToTop.Count - 1);
        }

        canvas.Clip = canvas.Bounds;
    }

    // What lies behind a window is not painted: the area is cut into the part that a window hides and strips around it.
    private void PaintAround(PixelCanvas canvas, PixelRect area, int topmost)
    {
        if (area.IsEmpty) return;
        while (topmost >= 0 && stack.BottomToTop[topmost].Opaque.Intersect(area).IsEmpty) topmost--;
        if (topmost < 0)
        {
            canvas.Clip = area;
            PaintClip(canvas);
            return;
        }

        PixelRect hidden = stack.BottomToTop[topmost].Opaque.Intersect(area);
        canvas.Clip = hidden;
        PaintClip(canvas);
        PaintAround(canvas, area with { Height = hidden.Y - area.Y }, topmost - 1);
        PaintAround(canvas, hidden with { X = area.X, Width = hidden.X - area.X }, topmost - 1);
        PaintAround(canvas, hidden with { X = hidden.Right, Width = area.Right - hidden.Right }, topmost - 1);
        PaintAround(canvas, area with { Y = hidden.Bottom, Height = area.Bottom - hidden.Bottom }, topmost - 1);
    }

    private void PaintClip(PixelCanvas canvas)
    {
        if (!SceneWindow.Contains(Bar.Bounds, canvas.Clip))
        {
            int lowest = stack.LowestVisible(canvas.Clip);
            if (lowest < 0)
            {
                // Where monitors differ in height, no monitor shows the corner.
                if (wallpapers.Length > 1) canvas.Fill(canvas.Clip, 0);
                foreach (Wallpaper wallpaper in wallpapers) wallpaper.Paint(canvas);
            }

            foreach (SceneWindow window in stack.BottomToTop.Skip(Math.Max(0, lowest))) window.Paint(canvas);
        }

        if (!Bar.Bounds.Intersect(canvas.Clip).IsEmpty) Bar.Paint(canvas, stack.BottomToTop);
    }

    private (int X, int Y) Clamped(int x, int y) => (Math.Clamp(x, 0, desktop.Width - 1), Math.Clamp(y, 0, desktop.Height - 1));

    private void MovePointer(int x, int y)
    {
        (PointerX, PointerY) = Clamped(x, y);
        if (dragged is var (window, grabX, grabY)) stack.Move(window, PointerX - grabX, PointerY - grabY);
        else pressedWindow?.Drag(PointerX, PointerY);
    }

    private void TakeButton(MouseButton button, bool isDown)
    {
        if (!Enum.IsDefined(button)) throw new ArgumentOutOfRangeException(nameof(button), button, "Unknown mouse button.");
        bool changed = isDown ? buttons.Add(button) : buttons.Remove(button);
        if (!changed || isBlank) return;
        if (isDown) PressAt(button);
        else if (button == MouseButton.Left) LetGo();
    }

    private void PressAt(MouseButton button)
    {
        if (SceneWindow.Contains(Bar.Bounds, PointerX, PointerY))
        {
            SceneWindow? chosen = stack.BottomToTop.FirstOrDefault(window => SceneWindow.Contains(Bar.ItemFor(window.Order), PointerX, PointerY));
            if (chosen is not null) stack.Raise(chosen);
            return;
        }

        if (stack.At(PointerX, PointerY) is not { } window) return;
        stack.Raise(window);
        if (button != MouseButton.Left) return;
        if (SceneWindow.Contains(window.TitleBar, PointerX, PointerY))
        {
            dragged = (window, PointerX - window.Bounds.X, PointerY - window.Bounds.Y);
            return;
        }

        pressedWindow = window;
        window.Press(PointerX, PointerY);
    }

    private void LetGo()
    {
        dragged = null;
        pressedWindow?.Release(PointerX, PointerY);
        pressedWindow = null;
    }

    private void Press(KeyPress press)
    {
        if (stack.Active is not { } window) return;
        if (press.Edit is { } key) window.Edit(key);
        else if (press.Character is { } character) window.Type(character);
    }

    private CursorShape CursorUnderPointer() => dragged is null && !SceneWindow.Contains(Bar.Bounds, PointerX, PointerY)
        ? stack.At(PointerX, PointerY)?.CursorAt(PointerX, PointerY) ?? CursorShapes.Arrow
        : CursorShapes.Arrow;
}
