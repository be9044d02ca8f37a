using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>What a vendor says about its service. Immutable.</summary>
public sealed record WindowsServiceOptions
{
    /// <summary>The short name, as for <c>sc query</c>: 1 to 80 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the list of services shows; 1 to 256 characters. Say who you are and that it is remote support: nothing hides.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The sentence beside it; 1 to 1024 characters.</summary>
    public required string Description { get; init; }

    /// <summary>With which arguments this very program calls <see cref="WindowsService.RunAsync"/>.</summary>
    public required IReadOnlyList<string> ServiceArguments { get; init; }

    /// <summary>With which arguments this very program calls <see cref="HelperProcess.RunAsync(string, WindowsOptions?, CancellationToken)"/>; the name of the pipe is put behind them.</summary>
    public required IReadOnlyList<string> HelperArguments { get; init; }

    /// <summary>
    /// With which arguments this very program is the customer's surface, which then runs in the same session with the rights of the user who is logged on, and is started again when it ends. Null, the default: the service starts none.
    /// </summary>
    public IReadOnlyList<string>? SurfaceArguments { get; init; }

    /// <summary>For waits and time-outs. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Told which helper starts and ends where and why, and who was refused. Default: nobody.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The seam to what Windows says of a session.</summary>
    internal Func<uint, Trust.LogonScreenState> LogonScreen { get; init; } = WindowsLogonScreen.Read;

    /// <exception cref="ArgumentException">A member is outside its stated range.</exception>
    internal void Validate()
    {
        if (Name is not { Length: > 0 and <= 80 } || !Name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')) throw new ArgumentException($"{nameof(Name)} must be 1 to 80 letters, digits, '-', '_' and '.'.");
        Demand(DisplayName, 256, nameof(DisplayName));
        Demand(Description, 1024, nameof(Description));
        Demand(ServiceArguments, nameof(ServiceArguments));
        Demand(HelperArguments, nameof(HelperArguments));
        if (SurfaceArguments is not null) Demand(SurfaceArguments, nameof(SurfaceArguments));
    }

    private static void Demand(string text, int most, string name)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl)) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be 1 to {most} characters without control characters."));
    }

    private static void Demand(IReadOnlyList<string> arguments, string name)
    {
        if (arguments is null || arguments.Any(static argument => argument is null || argument.Contains('\0', StringComparison.Ordinal))) throw new ArgumentException($"{name} must be a list of arguments without zero characters.");
    }
}
