namespace RemoteAccess.Trust;

/// <summary>What a technician asks the customer for during a session: unattended access from now on. Immutable.</summary>
public sealed record GrantProposal
{
    /// <summary>What people will call the computer; 1 to 128 characters without control characters.</summary>
    public required string Nickname { get; init; }

    /// <summary>The most any session shall do; within the technician's certificate.</summary>
    public required Operations Operations { get; init; }

    /// <summary>Until when it shall hold.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The rules, hours among them.</summary>
    public GrantPolicy Policy { get; init; } = new();

    /// <summary>Why, in one line that the person reads; up to <see cref="ConsentRequest.MaxReasonBytes"/> bytes of UTF-8.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The kind of access code that will be chosen: <see cref="AccessCodeKind.Generated"/> or <see cref="AccessCodeKind.FreeText"/>.</summary>
    public AccessCodeKind CodeKind { get; init; } = AccessCodeKind.Generated;

    internal GrantTerms Terms => new() { Operations = Operations, NotAfter = NotAfter, Policy = Policy, CodeKind = CodeKind };
}
