namespace RemoteAccess.Sessions;

/// <summary>
/// A program to run on the computer, with the list of what it is given. No shell takes part: nothing in it is split, replaced or interpreted. Program and arguments stand in the customer's ledger in
/// full; what is secret belongs into <see cref="Input"/>. Immutable.
/// </summary>
public sealed record CommandRequest
{
    /// <summary>A full path, or a name that the computer looks for in its PATH. With the arguments at most 4096 bytes of UTF-8, without control characters but tab and line breaks.</summary>
    public required string Program { get; init; }

    /// <summary>At most 128.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A full path, up to 1024 bytes; null for the account's own directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>After this it is ended with all that it started. Whole seconds; null for the computer's own limit, and not more than that.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Its standard input, which then ends; up to 8192 bytes. Not recorded but for the length.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }
}

/// <summary>Something that a program wrote.</summary>
/// <param name="Data">1 to 4096 bytes; a character can be cut between two parts.</param>
/// <param name="IsError">Standard error, not standard output.</param>
public sealed record CommandOutput(ReadOnlyMemory<byte> Data, bool IsError);

/// <summary>How a program ended.</summary>
public enum CommandEnding
{
    /// <summary>By itself, with an exit code; a signal's number plus 128 on Linux when one killed it.</summary>
    Exited = 1,
    /// <summary>The technician cancelled it.</summary>
    Cancelled = 2,
    /// <summary>Its time was over.</summary>
    TimedOut = 3,
}

/// <summary>The end of a program.</summary>
/// <param name="Ending">How.</param>
/// <param name="ExitCode">When it ended by itself; otherwise null.</param>
public sealed record CommandEnd(CommandEnding Ending, int? ExitCode);
