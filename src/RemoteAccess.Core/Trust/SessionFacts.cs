using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>What was decided when the session was accepted. Immutable.</summary>
internal sealed record SessionFacts
{
    public required ReadOnlyMemory<byte> SessionId { get; init; }
    public required Grant Grant { get; init; }
    public required TechnicianCertificate Technician { get; init; }
    public required Operations Operations { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The technician's reason, as it came.</summary>
    public string Reason { get; init; } = "";

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The same by the monotonic clock.</summary>
    public long AcceptedTimestamp { get; init; }

    /// <summary>From acceptance to <see cref="ExpiresAt"/>, for the monotonic clock.</summary>
    public required TimeSpan Longest { get; init; }

    /// <summary>Whether the person is asked about each operation.</summary>
    public bool IsAttended => Grant.IsAttended;

    /// <summary>What the person agrees to with the session's beginning; everything when it is not attended.</summary>
    public Operations Approved { get; init; }

    public ReadOnlyMemory<byte> ResumeToken { get; init; }
    public bool IsResumed { get; init; }

    /// <summary>How many sessions that resume this one may still go without asking the person, who said yes to it or to one that it resumes.</summary>
    public int AgreedResumptions { get; init; }

    /// <summary>Whether the person would have been asked whether this session may begin, had they not said yes to the one before.</summary>
    public bool IsAgreedBefore { get; init; }
    public FailedAttempts FailedAttempts { get; init; }

    /// <summary>Nothing is permitted before credentials of the computer were given.</summary>
    public bool NeedsCredentials { get; init; }

    /// <summary>What the customer had taken away from the grant when it was accepted.</summary>
    public WithdrawnOperations Withdrawn { get; init; }

    /// <summary>How often the customer had stopped everything when it was accepted.</summary>
    public ulong Stops { get; init; }

    /// <summary>How often the customer had blocked or unblocked the computer by then.</summary>
    public ulong Blocks { get; init; }

    /// <summary>To whom a token for resuming it is good, and after what: another technician has nothing of it, and what the customer stopped, blocked or took away from the grant since is worth more than the yes before.</summary>
    public byte[] ResumeHolder()
    {
        byte[] holder = new byte[Technician.TechnicianKey.Length + 3 * sizeof(ulong)];
        Technician.TechnicianKey.Span.CopyTo(holder);
        Span<byte> rest = holder.AsSpan(Technician.TechnicianKey.Length);
        BinaryPrimitives.WriteUInt64BigEndian(rest, Stops);
        BinaryPrimitives.WriteUInt64BigEndian(rest[sizeof(ulong)..], Blocks);
        BinaryPrimitives.WriteUInt64BigEndian(rest[(2 * sizeof(ulong))..], Withdrawn.Sequence);
        return holder;
    }

    /// <summary>The one that a person is asked for with the beginning of an attended session.</summary>
    public static Operations First(Operations operations) => operations & (Operations)(-(int)operations);

    /// <summary>What follows from request, grant and the rules that count; the request is allowed already.</summary>
    public static SessionFacts Of(ConnectRequest request, Grant grant, AccessRules rules, ReadOnlyMemory<byte> sessionId, DateTimeOffset now)
    {
        DateTimeOffset capped = now + rules.SessionCap;
        DateTimeOffset expires = capped < rules.NotAfter ? capped : rules.NotAfter;
        Operations operations = request.Wanted & rules.MaxOperations & ~rules.Closed & request.Certificate.MaxOperations;
        return new SessionFacts
        {
            SessionId = sessionId.ToArray(),
            Grant = grant,
            Technician = request.Certificate,
            Operations = operations,
            Approved = grant.IsAttended ? First(operations) : operations,
            AcceptedAt = now,
            ExpiresAt = expires,
            Reason = request.Reason,
            Longest = expires - now,
            NeedsCredentials = rules.CredentialsRequired,
        };
    }
}

/// <summary>What a live session needs of the store it came from.</summary>
internal sealed record SessionSurroundings
{
    public required Ledger Ledger { get; init; }

    /// <summary>Signs the session's receipt.</summary>
    public required ISigningKey HostKey { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Logger { get; init; }

    /// <summary>The person at the computer: no input while a prompt is open.</summary>
    public required ConsentGate Consent { get; init; }

    /// <summary>Makes grants, when the person agrees to one in the session.</summary>
    public required GrantMaking Making { get; init; }

    /// <summary>What checks credentials of the computer; null when nothing can, and then no session needs any.</summary>
    public IAccountCheck? AccountCheck { get; init; }

    /// <summary>What counts wrong credentials over sessions.</summary>
    public CredentialTries? CredentialTries { get; init; }

    /// <summary>The passwords that the customer stored; null where none can be.</summary>
    public CredentialVault? Vault { get; init; }

    /// <summary>The policy's question for filling one of them in, from the disk as it is now; it throws <see cref="StateException"/>.</summary>
    public Func<PolicyQuestion>? Ask { get; init; }

    /// <summary>The customer took an operation away: it is shown, and a yes that was given before counts no more; it throws <see cref="StateException"/>.</summary>
    public Action? Withdrew { get; init; }

    /// <summary>How long the session's end waits for its tools.</summary>
    public TimeSpan LastWords { get; init; } = SessionTools.LastWords;

    /// <summary>Makes another token for resuming the session; it throws <see cref="StateException"/>.</summary>
    public Func<byte[]>? IssueResumeToken { get; init; }

    /// <summary>Asks the policy whether the session may go on; never throws.</summary>
    public required Func<SessionCheck> Check { get; init; }

    /// <summary>The same for the session's own watch, many times: what has not changed on the disk is not read again. One caller at a time.</summary>
    public required Func<SessionCheck> Watch { get; init; }

    /// <summary>Whether the person sees who is connected; null when no surface is wanted.</summary>
    public SurfacePresence? Surface { get; init; }

    /// <summary>Where the customer reads what the technician writes, and answers; null where nothing shows it.</summary>
    public Sessions.ICustomerChat? Chat { get; init; }

    /// <summary>Told when something changed that a surface shows. Any thread; must not throw.</summary>
    public Action Changed { get; init; } = static () => { };

    /// <summary>Something changed that a surface has to show from now on, to count as one that shows; gives the number of the status that has it.</summary>
    public Func<long> MustShow { get; init; } = static () => 0;

    /// <summary>Told once, when the end is recorded.</summary>
    public required Action<LiveSession> Ended { get; init; }
}
