namespace RemoteAccess.Trust;

/// <summary>What a control looks like and how it is used.</summary>
internal enum ControlKind
{
    Button,
    /// <summary>The button that is meant to be pressed.</summary>
    Primary,
    /// <summary>A button that ends something.</summary>
    Danger,
    /// <summary>A page of the window.</summary>
    Tab,
    /// <summary>On or off.</summary>
    Switch,
    /// <summary>One of several.</summary>
    Choice,
    /// <summary>A value between a button for less and one for more.</summary>
    Stepper,
    /// <summary>A line to write in; Enter presses it.</summary>
    Field,
}

/// <summary>Something on a sheet that a person can use. Its id stays the same while the sheet is laid out anew, and the focus with it.</summary>
internal sealed record Control(string Id, ControlKind Kind, PixelRect Area, string[] Lines, Action? Press)
{
    /// <summary>Switched on or chosen.</summary>
    public bool IsOn { get; init; }

    /// <summary>What stands beside a switch.</summary>
    public string State { get; init; } = "";

    /// <summary>What a screen reader says of it where the words on it are not enough; empty: those.</summary>
    public string Name { get; init; } = "";

    /// <summary>A field's text. <see cref="Lines"/> has what of it is in view.</summary>
    public TextLine? Text { get; init; }

    /// <summary>Characters in view before the next letter.</summary>
    public int Caret { get; init; }

    /// <summary>A stepper's two ends.</summary>
    public Action? Less { get; init; }

    /// <inheritdoc cref="Less"/>
    public Action? More { get; init; }
}

/// <summary>Everything a window shows, laid out: what is drawn, what can be used and what is read out, each from top to bottom.</summary>
internal sealed record Sheet(IReadOnlyList<DrawnItem> Items, IReadOnlyList<FigureItem> Figures, IReadOnlyList<Control> Controls, IReadOnlyList<Passage> Passages, int Width, int Height)
{
    /// <summary>Which control has the focus when the sheet is of another kind than the one before.</summary>
    public string FirstFocus { get; init; } = "";

    /// <summary>What kind of sheet it is.</summary>
    public string Name { get; init; } = "";
}

/// <summary>A figure on a sheet.</summary>
internal readonly record struct FigureItem(FigureKind Kind, int X, int Y, int Side, uint Ink, uint Paper);
