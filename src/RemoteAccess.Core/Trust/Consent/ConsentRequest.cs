namespace RemoteAccess.Trust;

/// <summary>
/// What a technician asks of the person at the computer. Immutable. Texts that come from outside must be plain: no control characters, none
/// that turn the reading direction or that nobody can see. <see cref="ConsentPrompt.Create"/> checks all of it.
/// </summary>
public sealed record ConsentRequest
{
    /// <summary>The most UTF-8 bytes of a name, nickname, hint or code.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>The most UTF-8 bytes of <see cref="Reason"/>.</summary>
    public const int MaxReasonBytes = 600;

    /// <summary>How long a person has to answer, if nothing else is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1), LongestTimeout = TimeSpan.FromMinutes(10);

    /// <summary>What is asked for.</summary>
    public required ConsentKind Kind { get; init; }

    /// <summary>The operations that a yes allows: at least one, known ones only, exactly one for <see cref="ConsentKind.Operation"/>.</summary>
    public required Operations Operations { get; init; }

    /// <summary>Who asks; 1 to <see cref="MaxNameBytes"/> bytes.</summary>
    public required string TechnicianName { get; init; }

    /// <summary>For whom the technician works; up to <see cref="MaxNameBytes"/> bytes, or null.</summary>
    public string? Organisation { get; init; }

    /// <summary>Whether the tenant's signature over the technician's name was verified. Default: false, which the prompt says in red.</summary>
    public bool IsVerified { get; init; }

    /// <summary>What the technician calls this computer; up to 128 characters, or null. Needed for <see cref="ConsentKind.UnattendedGrant"/>.</summary>
    public string? Nickname { get; init; }

    /// <summary>Until when a yes holds; needed for <see cref="ConsentKind.UnattendedGrant"/>. Null: until the session ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When sessions may happen; null is at any time. Shown for <see cref="ConsentKind.UnattendedGrant"/> only.</summary>
    public WeeklyHours? Hours { get; init; }

    /// <summary>Why, in the technician's words; one line of up to <see cref="MaxReasonBytes"/> bytes, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The code of the session, to be compared with what the technician says on the telephone; or null.</summary>
    public string? SessionCode { get; init; }

    /// <summary>How to end or revoke in this product, in the vendor's words; or null for a general sentence.</summary>
    public string? StopHint { get; init; }

    /// <summary>
    /// What the grant says about connections while the computer is in use; only for <see cref="ConsentKind.ConnectionWhileInUse"/>, and only
    /// the two that ask. Default: <see cref="InUseRule.AskThenRefuse"/>. Every other kind of request is refused when nobody answers.
    /// </summary>
    public InUseRule InUse { get; init; } = InUseRule.AskThenRefuse;

    /// <summary>How long the person has; whole seconds, 1 s to 10 min. Default: <see cref="DefaultTimeout"/>.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <exception cref="ArgumentException">A member is outside its stated range; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Kind)) throw new ArgumentException($"{nameof(Kind)} {Kind} does not exist.");
        if (Operations == Operations.None || (Operations & ~Operations.All) != 0) throw new ArgumentException($"{nameof(Operations)} must be one or more of the known ones.");
        if (Kind == ConsentKind.Operation && !uint.IsPow2((uint)Operations)) throw new ArgumentException($"{nameof(ConsentKind)}.{nameof(ConsentKind.Operation)} asks for exactly one operation.");
        ShownText.Demand(TechnicianName, MaxNameBytes, nameof(TechnicianName));
        ShownText.DemandIfAny(Organisation, MaxNameBytes, nameof(Organisation));
        ShownText.DemandIfAny(Nickname, Trust.Nickname.MaxLength * 4, nameof(Nickname));
        ShownText.DemandIfAny(Reason, MaxReasonBytes, nameof(Reason));
        ShownText.DemandIfAny(SessionCode, MaxNameBytes, nameof(SessionCode));
        ShownText.DemandIfAny(StopHint, MaxNameBytes, nameof(StopHint));
        if (Nickname is not null) Trust.Nickname.Validate(Nickname);
        if (Kind == ConsentKind.UnattendedGrant && (Until is null || Nickname is null)) throw new ArgumentException($"Unattended access needs {nameof(Until)} and {nameof(Nickname)}.");
        if (Hours is not null && Kind != ConsentKind.UnattendedGrant) throw new ArgumentException($"{nameof(Hours)} belong to unattended access only.");
        bool asks = InUse is InUseRule.AskThenAllow or InUseRule.AskThenRefuse;
        if (!asks || (Kind != ConsentKind.ConnectionWhileInUse && InUse != InUseRule.AskThenRefuse))
            throw new ArgumentException($"{nameof(InUse)} {InUse} is not a rule under which this is asked.");
        if (Timeout < ShortestTimeout || Timeout > LongestTimeout || Timeout.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ArgumentException($"{nameof(Timeout)} must be whole seconds from {ShortestTimeout.TotalSeconds} to {LongestTimeout.TotalSeconds}.");
    }
}
