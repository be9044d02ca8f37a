namespace RemoteAccess.Trust;

/// <summary>What a screen reader calls a part of a window: UI Automation's control types.</summary>
internal enum ReadRole
{
    Button = 50000,
    Switch = 50002,
    Field = 50004,
    Choice = 50013,
    Stepper = 50016,
    Page = 50019,
    Text = 50020,
}

/// <summary>One part of a window as a screen reader gets it. Immutable.</summary>
/// <param name="Id">The same for the same part, as long as the window shows it.</param>
/// <param name="Role">What it is.</param>
/// <param name="Name">What is read out.</param>
/// <param name="Area">Pixels of the window.</param>
internal sealed record ReadElement(string Id, ReadRole Role, string Name, PixelRect Area)
{
    /// <summary>Read out after the name.</summary>
    public string Help { get; init; } = "";

    /// <summary>The key that does the same, as it is written on keyboards.</summary>
    public string Key { get; init; } = "";

    /// <summary>Switched on or chosen; null for what is neither.</summary>
    public bool? IsOn { get; init; }

    public bool IsEnabled { get; init; } = true;

    public bool TakesFocus { get; init; }

    /// <summary>What is in it is told to nobody.</summary>
    public bool IsPassword { get; init; }

    public bool IsHeading { get; init; }

    /// <summary>Read out when it changes.</summary>
    public bool IsLive { get; init; }

    /// <summary>Scrolled away.</summary>
    public bool IsOutOfView { get; init; }
}

/// <summary>A window as a screen reader gets it. Immutable, so that it can be asked on any thread while the next one is made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Area">Pixels of the desktop.</param>
/// <param name="Elements">In reading order.</param>
/// <param name="Focus">The id of the element that keys go to; empty for none.</param>
/// <param name="HasKeyboard">Whether the window has the keyboard.</param>
internal sealed record ReadWindow(string Name, PixelRect Area, IReadOnlyList<ReadElement> Elements, string Focus, bool HasKeyboard)
{
    /// <summary>Whether it asks something, and is to be read out as a whole.</summary>
    public bool IsDialog { get; init; }

    public int IndexOf(string id)
    {
        for (int i = 0; i < Elements.Count; i++)
        {
            if (Elements[i].Id == id) return i;
        }
        return -1;
    }

    /// <summary>The element at a place of the desktop; null for none.</summary>
    public ReadElement? At(int x, int y)
    {
        // A passage may lie around what is set into it: what can be used comes first.
        ReadElement? text = null;
        foreach (ReadElement element in Elements)
        {
            if (element.IsOutOfView || !PlaceOf(element).Holds(x, y)) continue;
            if (element.Role != ReadRole.Text) return element;
            text ??= element;
        }
        return text;
    }

    /// <summary>Pixels of the desktop.</summary>
    public PixelRect PlaceOf(ReadElement element) => element.Area with { X = Area.X + element.Area.X, Y = Area.Y + element.Area.Y };
}
