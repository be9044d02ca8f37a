namespace RemoteAccess;

/// <summary>How <see cref="WindowsConsentPrompt"/> shows its window. Immutable.</summary>
public sealed record WindowsConsentPromptOptions
{
    /// <summary>How large everything is, 1 to 3. Default: null, the scaling that is set for the monitor, within that range.</summary>
    public double? Scale { get; init; }

    /// <summary>White on black with thick lines. Default: null, when the person has set a contrast theme.</summary>
    public bool? HighContrast { get; init; }

    /// <summary>For the countdown and the settling time. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        if (Scale is { } scale && scale is not (>= 1 and <= 3)) throw new ArgumentException($"{nameof(Scale)} must be 1 to 3, not {scale}.");
    }
}
