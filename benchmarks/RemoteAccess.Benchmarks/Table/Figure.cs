namespace RemoteAccess.Benchmarks;

/// <summary>One row of the results: what was measured, what it should reach, what it was, and how busy the machine was meanwhile.</summary>
internal sealed record Figure(string What, string Goal, string Measured, bool? Reached)
{
    public string Load { get; init; } = "";

    public string ToRow() => $"| {What} | {Goal} | {Measured} | {Reached switch { true => "reached", false => "MISSED", null => "" }} | {Load} |";
}
