namespace RemoteAccess.Fuzz.Run;

internal enum FindingKind
{
    /// <summary>An error that the target does not declare escaped.</summary>
    Escaped,
    /// <summary>One execution took longer than allowed, repeatedly.</summary>
    Slow,
    /// <summary>One execution allocated more than allowed, repeatedly.</summary>
    Allocated,
    /// <summary>One execution did not come back.</summary>
    Hung,
}

internal sealed record Finding(FindingKind Kind, byte[] Input, long Execution, string Detail, Type? ExceptionType = null);
