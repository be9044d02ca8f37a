namespace RemoteAccess;

/// <summary>Something on a <see cref="VirtualDesktop"/> that can be looked at, clicked or moved.</summary>
public enum VirtualPart
{
    /// <summary>The window "Notes" with its title bar, without its shadow.</summary>
    NotesWindow,
    /// <summary>The bar the window "Notes" is dragged by.</summary>
    NotesTitleBar,
    /// <summary>The field of "Notes" that takes the keyboard while its window is in front.</summary>
    TextField,
    /// <summary>The window "Controls" with its title bar, without its shadow.</summary>
    ControlsWindow,
    /// <summary>The bar the window "Controls" is dragged by.</summary>
    ControlsTitleBar,
    /// <summary>The button that counts.</summary>
    CountButton,
    /// <summary>The number of times it was clicked.</summary>
    Counter,
    /// <summary>The button that switches the lamp.</summary>
    LampButton,
    /// <summary>The lamp, grey or amber.</summary>
    Lamp,
    /// <summary>The bar at the bottom of the primary monitor.</summary>
    TaskBar,
    /// <summary>The clock at the task bar's right end.</summary>
    Clock,
}
