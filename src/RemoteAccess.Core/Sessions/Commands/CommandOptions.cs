namespace RemoteAccess.Sessions;

/// <summary>
/// That technicians may run programs on this computer, where grant and customer permit <see cref="Operations.RunCommands"/>, and how. Without it nobody can, whatever a grant says. Immutable.
/// </summary>
public sealed record CommandOptions
{
    internal static readonly TimeSpan ShortestRun = TimeSpan.FromSeconds(1), MostRun = TimeSpan.FromDays(1);

    /// <summary>How long a program may run at most; then it is ended, with all that it started. Whole seconds, 1 s to 24 h; default 1 h.</summary>
    public TimeSpan LongestRun { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whose account programs run under; null, the default, for the agent's own, and then they can do all that the agent's account can, to the agent's state too. Naming another needs an agent that
    /// runs as root, on Linux or another Unix.
    /// </summary>
    public string? Account { get; init; }

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    internal CommandOptions Checked()
    {
        if (LongestRun < ShortestRun || LongestRun > MostRun || LongestRun.Ticks % TimeSpan.TicksPerSecond != 0) throw new ArgumentException($"CommandOptions.LongestRun is {LongestRun}; it must be whole seconds, 1 s to 24 h.");
        if (Account is not null && OperatingSystem.IsWindows()) throw new ArgumentException("CommandOptions.Account cannot be used on Windows. Leave it null: programs run under the agent's account.");
        if (Account is { } name && (name.Length is 0 or > 64 || name.Any(letter => char.IsControl(letter) || letter == ':'))) throw new ArgumentException("CommandOptions.Account must be the name of an account.");
        return this;
    }
}
