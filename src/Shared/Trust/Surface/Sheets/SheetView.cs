namespace RemoteAccess.Trust;

/// <summary>
/// A sheet in a window, whichever platform's: laid out to the window's width, scrolled when it is longer, drawn, and used by what a person does. What the
/// window is told that is not a person's does not come here, but for motions. On the surface's thread.
/// </summary>
/// <param name="time">For the settling time.</param>
/// <param name="isQuiet">Comes up without being asked for: presses count only after a while.</param>
/// <param name="build">Lays out what it shows.</param>
/// <param name="back">Escape: <c>false</c>. The window's own close button, which its owner reports: <c>true</c>.</param>
internal sealed class SheetView(TimeProvider time, bool isQuiet, Action<SheetBuilder> build, Action<bool> back)
{
    private static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    private readonly SheetInput input = new();
    private DrawingStyle? style;
    private Sheet? sheet;
    private PixelSize size;
    private bool isDirty, mustPaint;
    private long shownAt;

    /// <summary>Pixels of the sheet above the window.</summary>
    public int Scrolled { get; private set; }

    /// <summary>What it shows, scrolled as it is, and which control has the focus.</summary>
    public (Sheet Sheet, int Scrolled, PixelSize Size, string Focus)? Shown => sheet is null ? null : (sheet, Scrolled, size, input.Focus);

    private DrawingStyle Style => style ?? throw new InvalidOperationException("The window has not been opened.");

    /// <summary>As high as all of it, at a width.</summary>
    public int HeightAt(DrawingStyle at, int width)
    {
        style = at;
        return LayOut(width).Height;
    }

    /// <summary>The window was opened, or is another.</summary>
    /// <param name="at">How it is drawn.</param>
    /// <param name="inner">Pixels to draw on.</param>
    public void Begin(DrawingStyle at, PixelSize inner)
    {
        (style, size, Scrolled) = (at, inner, 0);
        Settle();
        Take(LayOut(inner.Width));
    }

    /// <summary>The window is of another size, or on a monitor of another density.</summary>
    public void Resize(DrawingStyle at, PixelSize inner) => (style, size, isDirty) = (at, inner, true);

    /// <summary>What is under a hand now was not a moment ago.</summary>
    public void Settle() => (shownAt, input.IsActive) = (time.GetTimestamp(), !isQuiet);

    /// <summary>What it shows has changed.</summary>
    public void Invalidate() => isDirty = true;

    /// <summary>Lays out what has changed.</summary>
    /// <returns>How high the window should be for another kind of sheet; null when it stays as it is.</returns>
    public int? Refresh()
    {
        if (!input.IsActive && time.GetElapsedTime(shownAt) >= SettlingTime) input.IsActive = true;
        return isDirty ? Take(LayOut(size.Width)) : null;
    }

    /// <summary>Draws what has changed.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Paint(Canvas canvas)
    {
        if (!mustPaint || sheet is null) return false;
        new SheetPainter(Style).Draw(canvas, sheet, Scrolled, input.Focus);
        mustPaint = false;
        return true;
    }

    public SheetLook? Look(nuint window, PixelRect area, bool isMapped) => sheet is null ? null
        : new SheetLook(window, area, sheet.Name, input.Focus, isMapped, input.IsActive, [.. sheet.Controls.Select(control => control with { Area = control.Area with { Y = control.Area.Y - Scrolled } })], [.. sheet.Passages.Select(static passage => passage.Text)]);

    /// <summary>The pointer is at a place of the window.</summary>
    public void Move(int x, int y, bool isPhysical) => input.Move(x, y + Scrolled, isPhysical);

    public void Leave() => input.Leave();

    /// <summary>A person's button or finger.</summary>
    public void PressButton(int button, int x, int y, bool isTouch)
    {
        input.PressButton(button, x, y + Scrolled, isTouch);
        mustPaint = true;
    }

    /// <inheritdoc cref="PressButton"/>
    public void ReleaseButton(int button, int x, int y)
    {
        mustPaint = true;
        input.ReleaseButton(button, x, y + Scrolled)?.Invoke();
    }

    /// <summary>A person's key.</summary>
    public void PressKey(SheetKey key, bool isRepeat)
    {
        mustPaint = true;
        switch (key)
        {
            case SheetKey.Back: back(false); return;
            case SheetKey.PageUp: Scroll(-size.Height * 3 / 4); return;
            case SheetKey.PageDown: Scroll(size.Height * 3 / 4); return;
        }
        // In a line of text a key may have moved what is drawn.
        isDirty |= input.TakesText;
        Action? act = input.PressKey(key, isRepeat);
        ShowFocus();
        act?.Invoke();
    }

    /// <summary>Whether a person's keys write something.</summary>
    public bool TakesText => input.TakesText;

    /// <summary>Where they write it; null for nowhere.</summary>
    public TextLine? Line => input.TakesText ? input.Focused!.Text : null;

    /// <summary>A person points at a line to write in.</summary>
    /// <returns>Whether there is one, which has the focus now.</returns>
    public bool FocusField(int x, int y)
    {
        if (!input.FocusField(x, y + Scrolled)) return false;
        isDirty = true;
        return true;
    }

    /// <summary>A person's keys wrote something; what cannot stand there is dropped.</summary>
    public void Write(string text)
    {
        if (!input.Write(text)) return;
        isDirty = true;
        ShowFocus();
    }

    /// <summary>A person's wheel.</summary>
    /// <param name="notches">Positive: up.</param>
    public void Wheel(double notches) => Scroll(-(int)Math.Round(notches * Style.Px(60)));

    private Sheet LayOut(int width)
    {
        SheetBuilder builder = new(Style.Colours, Style.Letters, Style.Scale, width);
        build(builder);
        return builder.Build();
    }

    private int? Take(Sheet next)
    {
        bool isOther = next.Name != sheet?.Name;
        sheet = next;
        if (isOther) Scrolled = 0;
        input.Take(next);
        Scroll(0);
        isDirty = false;
        // A window with steps grows for a longer one and does not jump back.
        return isOther && (isQuiet ? next.Height != size.Height : next.Height > size.Height) ? next.Height : null;
    }

    private void Scroll(int by)
    {
        mustPaint = true;
        if (sheet is not null) Scrolled = Math.Clamp(Scrolled + by, 0, Math.Max(0, sheet.Height - size.Height));
    }

    private void ShowFocus()
    {
        if (input.Focused is not { } control) return;
        int margin = Style.Px(12);
        if (control.Area.Y - margin < Scrolled) Scroll(control.Area.Y - margin - Scrolled);
        else if (control.Area.Bottom + margin > Scrolled + size.Height) Scroll(control.Area.Bottom + margin - Scrolled - size.Height);
    }
}
