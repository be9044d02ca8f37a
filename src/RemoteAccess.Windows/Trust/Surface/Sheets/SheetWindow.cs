using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// A window with the frame of Windows and a sheet in it, drawn by us. Whatever it is told that a person's device did not do is nothing, but for moving,
/// resizing and closing it, with which nothing is answered. On the surface's thread.
/// </summary>
internal sealed unsafe class SheetWindow : IDisposable
{
    private const int LeftButton = 1;
    private const nint WasDown = 1 << 30;
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    private readonly SurfaceStage stage;
    private readonly string title;
    private readonly int width;
    private readonly int? height;
    private readonly bool isQuiet;
    private readonly Action<bool> back;
    private readonly SheetView view;
    private readonly uint style, extendedStyle;
    private OwnWindow? window;
    private SettledKeyboard? keyboard;
    private AutomationWindow? automation;
    private Canvas? canvas;
    private DrawingStyle? drawing;
    private PixelRect area;
    private int version;
    private bool isClosing, wasRead;
    private (PixelRect Area, bool HasKeyboard) read;

    /// <param name="stage">Where.</param>
    /// <param name="title">Its name.</param>
    /// <param name="width">Pixels at scale 1.</param>
    /// <param name="height">Pixels at scale 1; null is as high as what it shows.</param>
    /// <param name="isQuiet">Comes up without asking for the keyboard, in the lower right corner.</param>
    /// <param name="build">Lays out what it shows.</param>
    /// <param name="back">Escape, or the window's close button: <c>true</c> is the button.</param>
    public SheetWindow(SurfaceStage stage, string title, int width, int? height, bool isQuiet, Action<SheetBuilder> build, Action<bool> back)
    {
        this.stage = stage;
        this.title = HarmlessText.Line(title);
        this.width = width;
        this.height = height;
        this.isQuiet = isQuiet;
        this.back = back;
        view = new SheetView(stage.Time, isQuiet, build, back);
        (style, extendedStyle) = isQuiet ? (User32Window.Popup | User32Window.Captioned, User32Window.TopMost | User32Window.AppWindow) : (User32Window.Overlapped, User32Window.AppWindow);
    }

    public bool IsOpen => window is not null;

    /// <summary>Whether a person's key would count.</summary>
    public bool TakesKeys => keyboard is { IsSettled: true };

    public SheetLook? Look => window is null ? null : view.Look((nuint)window.Handle, area, User32Window.IsWindowVisible(window.Handle) != 0);

    /// <summary>What screen readers are told, while it is open; for tests.</summary>
    public AutomationWindow? Automation => automation;

    private DrawingStyle Drawing => drawing ?? throw new InvalidOperationException("The window has not been opened.");

    /// <summary>Shows it, or brings it to the front.</summary>
    public void Open()
    {
        if (window is not null)
        {
            _ = User32Window.ShowWindow(window.Handle, User32Window.IsIconic(window.Handle) != 0 ? User32Window.Restore : User32Window.Show);
            _ = User32Window.SetForegroundWindow(window.Handle);
            return;
        }
        nint monitor = DesktopPlace.Monitor();
        PixelRect room = DesktopPlace.WorkArea(monitor);
        drawing = stage.StyleAt(monitor);
        version = stage.Version;
        PixelRect frame = Outer(default);
        int wide = Math.Min(Drawing.Px(width), room.Width - frame.Width);
        int high = Math.Min(height is { } wanted ? Drawing.Px(wanted) : view.HeightAt(Drawing, wide), MostHeight(room));
        int margin = Drawing.Px(24);
        PixelRect outer = Outer(new PixelRect(0, 0, wide, high));
        outer = isQuiet
            ? outer with { X = room.Right - outer.Width - margin, Y = room.Bottom - outer.Height - margin }
            : outer with { X = room.X + ((room.Width - outer.Width) / 2), Y = room.Y + ((room.Height - outer.Height) / 2) };
        isClosing = false;
        window = new OwnWindow(title, outer, style, extendedStyle, Handle);
        keyboard = new SettledKeyboard(window.Handle, SettlingTime, stage.Time);
        (automation, wasRead) = (new AutomationWindow(window.Handle), false);
        TakePlace();
        view.Begin(Drawing, new PixelSize(area.Width, area.Height));
        stage.Hands.Join(this);
        _ = User32Window.ShowWindow(window.Handle, isQuiet ? User32Window.ShowWithoutFocus : User32Window.Show);
        if (!isQuiet) _ = User32Window.SetForegroundWindow(window.Handle);
    }

    public void Close()
    {
        if (window is null) return;
        stage.Hands.Part(this);
        canvas?.Dispose();
        canvas = null;
        automation?.Dispose();
        window.Dispose();
        (window, keyboard, automation) = (null, null, null);
    }

    /// <summary>What it shows has changed.</summary>
    public void Invalidate() => view.Invalidate();

    /// <summary>Lays out and draws what has changed.</summary>
    public void Refresh()
    {
        if (window is null) return;
        window.ThrowIfFailed();
        if (isClosing)
        {
            isClosing = false;
            back(true);
            if (window is null) return;
        }
        keyboard?.Look();
        if (version != stage.Version) Restyle();
        if (view.Refresh() is { } high && height is null) Grow(high);
        if (canvas is not null && view.Paint(canvas))
        {
            canvas.Show();
            wasRead = false;
        }
        BeRead();
    }

    /// <summary>The pointer is at a place of the desktop, above the window <paramref name="under"/>.</summary>
    public void Move(nint under, int x, int y, bool isPhysical)
    {
        if (window is null || under != window.Handle) view.Leave();
        else view.Move(x - area.X, y - area.Y, isPhysical);
    }

    public void Dispose() => Close();

    private nint? Handle(uint message, nuint first, nint second)
    {
        switch (message)
        {
            case User32Message.Paint when canvas is not null && window is not null:
                canvas.Show();
                _ = User32Window.ValidateRect(window.Handle, null);
                return 0;
            case User32Message.EraseBackground:
                return 1;
            case User32Message.GetObject:
                return automation?.Answer(first, second);
            case User32Message.Close:
                // Not here: a window must not go while it is being told something.
                isClosing = true;
                return 0;
            case User32Message.Moved or User32Message.Sized when window is not null && User32Window.IsIconic(window.Handle) == 0:
                TakePlace();
                return null;
            case User32Message.DensityChanged when window is not null:
                Rectangle* there = (Rectangle*)second;
                _ = User32Window.SetWindowPos(window.Handle, 0, there->Left, there->Top, there->Right - there->Left, there->Bottom - there->Top, User32Window.NoActivate | User32Window.SameOrder);
                Restyle();
                return 0;
            case User32Message.MinMaxInfo when drawing is not null:
                ((SizeLimits*)second)->MinTrack = new Point { X = Drawing.Px(320), Y = Drawing.Px(160) };
                return 0;
            case User32Message.SetFocus or User32Message.KillFocus:
                keyboard?.Lose();
                return 0;
            case User32Message.Activated when (first & 0xffff) != 0 && window is not null:
                _ = User32Window.SetFocus(window.Handle);
                return 0;
            case User32Message.KeyDown or User32Message.MouseMove or User32Message.LeftDown or User32Message.LeftUp or User32Message.Wheel or User32Message.PointerDown or User32Message.PointerUp:
                TakeInput(message, first, second);
                return 0;
            case User32Message.PointerUpdate:
                return 0;
            default:
                return null;
        }
    }

    private void TakeInput(uint message, nuint first, nint second)
    {
        if (window is null || stage.Hands.Person is not { } person) return;
        if (!stage.Gate.Takes(window.Handle, message, first, second, out ThreadMessage taken))
        {
            person.Ignore();
            return;
        }
        bool isHardware = PersonsInput.IsFromDevice(out bool isTouch);
        (int x, int y) = ((short)second, (short)(second >> 16));
        switch (message)
        {
            case User32Message.MouseMove: person.Move(x + area.X, y + area.Y, isHardware); break;
            case User32Message.LeftDown when person.Counts(isHardware, taken, 0): view.PressButton(LeftButton, x, y, isTouch: false); break;
            case User32Message.LeftUp when person.Counts(isHardware, taken, 0): view.ReleaseButton(LeftButton, x, y); break;
            case User32Message.Wheel when person.Counts(isHardware, taken, 0): view.Wheel((double)(short)(first >> 16) / User32Message.WheelNotch); break;
            case User32Message.PointerDown when person.CountsTouch(isTouch): view.PressButton(LeftButton, x - area.X, y - area.Y, isTouch: true); break;
            case User32Message.PointerUp when person.CountsTouch(isTouch): view.ReleaseButton(LeftButton, x - area.X, y - area.Y); break;
            case User32Message.KeyDown when person.Counts(isHardware, taken, (uint)first): PressKey(taken, person.Held, (second & WasDown) != 0); break;
        }
    }

    /// <summary>Escape answers nothing, so it need not wait.</summary>
    private void PressKey(in ThreadMessage pressed, HeldModifiers held, bool isRepeat)
    {
        if (keyboard is null) return;
        keyboard.Look();
        SheetKey key = SheetKeys.Of((uint)pressed.First);
        if (key != SheetKey.Back && !keyboard.IsSettled) keyboard.Wait();
        else if (!view.TakesText) view.PressKey(key, isRepeat);
        else if (KeyLetters.Read(pressed) is { } written) view.Write(written);
        else if (SheetKeys.IsPaste((uint)pressed.First, held))
        {
            if (!isRepeat) Paste();
        }
        // A space with Ctrl is no letter, and in a line of text not Enter either.
        else if ((uint)pressed.First != SheetKeys.Space) view.PressKey(key, isRepeat);
    }

    /// <summary>Into the line that has the focus now, if it still has it when the text is there.</summary>
    private void Paste()
    {
        TextLine? line = view.Line;
        stage.Paste(text =>
        {
            if (line is not null && view.Line == line) view.Write(TextLine.OfLines(text));
        });
    }

    /// <summary>With the frame of Windows around it, at the density of the drawing.</summary>
    private PixelRect Outer(PixelRect inner)
    {
        Rectangle around = new() { Left = inner.X, Top = inner.Y, Right = inner.Right, Bottom = inner.Bottom };
        _ = User32Window.AdjustWindowRectExForDpi(&around, style, 0, extendedStyle, Dpi());
        return around.ToPixels();
    }

    private uint Dpi() => window is null ? (uint)Math.Round(96 * Drawing.Scale) : User32Window.GetDpiForWindow(window.Handle);

    private int MostHeight(PixelRect room) => Math.Max(Drawing.Px(160), room.Height - Drawing.Px(60) - Outer(default).Height);

    private void TakePlace()
    {
        if (window is null) return;
        Rectangle inner;
        Point corner = default;
        if (User32Window.GetClientRect(window.Handle, &inner) == 0 || User32Window.ClientToScreen(window.Handle, &corner) == 0) return;
        area = new PixelRect(corner.X, corner.Y, Math.Max(1, inner.Right), Math.Max(1, inner.Bottom));
        if (canvas is not null && canvas.Width == area.Width && canvas.Height == area.Height) return;
        canvas?.Dispose();
        canvas = new Canvas(window.Handle, area.Width, area.Height);
        view.Resize(Drawing, new PixelSize(area.Width, area.Height));
    }

    /// <summary>What is drawn is what is read.</summary>
    private void BeRead()
    {
        (PixelRect, bool) now = (area, keyboard is { Has: true });
        if ((wasRead && now == read) || view.Shown is not { } shown) return;
        (read, wasRead) = (now, true);
        automation?.Show(new ReadWindow(title, area, Readings.Of(shown.Sheet, shown.Scrolled, shown.Size.Height, stage.Texts["chosen"]), shown.Focus, read.HasKeyboard));
    }

    private void Restyle()
    {
        if (window is null) return;
        version = stage.Version;
        drawing = stage.StyleAt(area);
        view.Resize(Drawing, new PixelSize(area.Width, area.Height));
    }

    private void Grow(int to)
    {
        if (window is null) return;
        PixelRect room = DesktopPlace.WorkArea(DesktopPlace.Monitor());
        PixelRect outer = Outer(area with { Height = Math.Min(to, MostHeight(room)) });
        if (isQuiet) outer = outer with { Y = Math.Max(room.Y, outer.Y + area.Height - Math.Min(to, MostHeight(room))) };
        _ = User32Window.SetWindowPos(window.Handle, 0, outer.X, outer.Y, outer.Width, outer.Height, User32Window.NoActivate | User32Window.SameOrder);
    }
}
