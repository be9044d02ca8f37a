namespace RemoteAccess;

/// <summary>Where and how <see cref="X11ConsentPrompt"/> shows its window. Immutable.</summary>
public sealed record X11ConsentPromptOptions
{
    /// <summary>Name of the display, for example <c>:0</c>. Default: null, the value of the environment variable DISPLAY.</summary>
    public string? Display { get; init; }

    /// <summary>How large everything is, 1 to 3. Default: null, the desktop's Xft.dpi divided by 96, within that range.</summary>
    public double? Scale { get; init; }

    /// <summary>White on black with thick lines. Default: null, when the environment variable GTK_THEME names a high-contrast theme.</summary>
    public bool? HighContrast { get; init; }

    /// <summary>For the countdown and the settling time. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        if (Scale is { } scale && scale is not (>= 1 and <= 3)) throw new ArgumentException($"{nameof(Scale)} must be 1 to 3, not {scale}.");
    }
}
