namespace RemoteAccess.Trust;

/// <summary>
/// What a person does on a sheet. Only a person's devices count: whoever is connected must not answer for the customer. As at the prompt, a click
/// counts when a person brought the pointer onto the control. The focus never follows the pointer. Pure.
/// </summary>
internal sealed class SheetInput
{
    private const int LeftButton = 1;

    private Sheet sheet = new([], [], [], [], 0, 0);
    private (int X, int Y) pointer = (-1, -1);
    private Control? under;
    private bool isTrusted, wasPhysical;
    private string? pressed;

    /// <summary>The id of the control that Enter presses.</summary>
    public string Focus { get; private set; } = "";

    /// <summary>Whether presses count yet: what appears under a hand must not be taken for an answer.</summary>
    public bool IsActive { get; set; } = true;

    public Control? Focused => sheet.Controls.FirstOrDefault(control => control.Id == Focus);

    /// <summary>The sheet was laid out anew.</summary>
    public void Take(Sheet next)
    {
        bool isOther = next.Name != sheet.Name;
        sheet = next;
        if (isOther || Focused is null) Focus = First();
        Control? now = At(pointer.X, pointer.Y);
        if (now?.Id != under?.Id) isTrusted = wasPhysical;
        under = now;
    }

    /// <returns>What is to be done; null for nothing, though the focus may have moved.</returns>
    public Action? PressKey(SheetKey key, bool isRepeat)
    {
        Control? focused = Focused;
        if (focused?.Text?.TryMove(key) == true) return null;
        switch (key)
        {
            case SheetKey.Next: Step(1); return null;
            case SheetKey.Previous: Step(-1); return null;
            case SheetKey.Left when focused?.Less is { } less: return less;
            case SheetKey.Right when focused?.More is { } more: return more;
            case SheetKey.Left: Step(-1); return null;
            case SheetKey.Right: Step(1); return null;
            case SheetKey.First: Focus = sheet.Controls.Count > 0 ? sheet.Controls[0].Id : ""; return null;
            case SheetKey.Last: Focus = sheet.Controls.Count > 0 ? sheet.Controls[^1].Id : ""; return null;
            case SheetKey.Press when IsActive && !isRepeat: return focused?.Press;
            default: return null;
        }
    }

    /// <summary>Whether keys write something.</summary>
    public bool TakesText => IsActive && Focused?.Text is not null;

    /// <summary>A person's keys wrote something.</summary>
    /// <returns>Whether it stands there now.</returns>
    public bool Write(string text) => TakesText && Focused!.Text!.TryWrite(text);

    /// <summary>A person's button went down at a line to write in, where the person brought the pointer: that has the focus.</summary>
    public bool FocusField(int x, int y)
    {
        if (!IsActive || !isTrusted || At(x, y) is not { Kind: ControlKind.Field } field) return false;
        Focus = field.Id;
        return true;
    }

    public void Move(int x, int y, bool isPhysical)
    {
        Control? now = At(x, y);
        isTrusted = now is not null && isPhysical && (now.Id != under?.Id || isTrusted);
        (pointer, under, wasPhysical) = ((x, y), now, isPhysical);
        if (!isTrusted) pressed = null;
    }

    public void Leave()
    {
        (pointer, under, isTrusted, wasPhysical, pressed) = ((-1, -1), null, false, false, null);
    }

    /// <summary>A person's button or finger went down.</summary>
    public void PressButton(int button, int x, int y, bool isTouch) =>
        pressed = button == LeftButton && IsActive && At(x, y) is { } control && (isTouch || isTrusted) ? control.Id : null;

    /// <inheritdoc cref="PressKey"/>
    public Action? ReleaseButton(int button, int x, int y)
    {
        if (button != LeftButton || !IsActive || pressed is null || At(x, y) is not { } control || control.Id != pressed)
        {
            if (button == LeftButton) pressed = null;
            return null;
        }
        pressed = null;
        Focus = control.Id;
        // Whoever clicks into a line wants to write there.
        if (control.Kind == ControlKind.Field) return null;
        if (control.Kind != ControlKind.Stepper) return control.Press;
        int third = Math.Min(control.Area.Height, control.Area.Width / 3);
        return x < control.Area.X + third ? control.Less : x >= control.Area.X + control.Area.Width - third ? control.More : null;
    }

    private string First() => sheet.Controls.Any(control => control.Id == sheet.FirstFocus) ? sheet.FirstFocus : sheet.Controls.Count > 0 ? sheet.Controls[0].Id : "";

    private void Step(int by)
    {
        if (sheet.Controls.Count == 0) return;
        int at = 0;
        for (int i = 0; i < sheet.Controls.Count; i++) at = sheet.Controls[i].Id == Focus ? i : at;
        Focus = sheet.Controls[(at + by + sheet.Controls.Count) % sheet.Controls.Count].Id;
    }

    private Control? At(int x, int y) => sheet.Controls.FirstOrDefault(control => control.Area.Holds(x, y));
}
