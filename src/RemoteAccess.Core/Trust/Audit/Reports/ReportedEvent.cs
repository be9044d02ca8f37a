namespace RemoteAccess.Trust;

/// <summary>Something that happened outside a session, or that this version has no better place for. Immutable, thread-safe.</summary>
/// <param name="Sequence">Number of the entry.</param>
/// <param name="Time">When, by the computer's clock.</param>
/// <param name="Type">The entry's type.</param>
/// <param name="Who">Name of who acted; empty for the agent.</param>
/// <param name="What">In plain words, one line of at most 4000 UTF-16 code units; what was cut ends in <c>…</c>.</param>
public sealed record ReportedEvent(long Sequence, DateTimeOffset Time, string Type, string Who, string What);
