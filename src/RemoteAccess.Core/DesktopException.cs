namespace RemoteAccess;

/// <summary>What kept the agent from the screen, keyboard or mouse of its own computer.</summary>
public enum DesktopError
{
    /// <summary>There is no display to share; the message says what to set.</summary>
    NoDisplay,
    /// <summary>The display's pixel format is not one that can be shared exactly.</summary>
    UnsupportedFormat,
    /// <summary>The display lacks an extension that is needed; the message names it.</summary>
    MissingExtension,
    /// <summary>The connection to the display was lost.</summary>
    DisplayLost,
    /// <summary>A system library could not be loaded; the message names it and the package that has it.</summary>
    MissingLibrary,
}

/// <summary>The computer's own screen, keyboard or mouse cannot be used; the message says what to do.</summary>
public sealed class DesktopException(DesktopError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public DesktopError Error { get; } = error;
}
