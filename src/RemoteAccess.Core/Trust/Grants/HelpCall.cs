using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// A call for help that waits for its technician. The code is for the person to read out, the grant goes to the technician's side; it holds no
/// secret. Disposing it forgets the code, and takes nothing back: <see cref="TrustFlow.RevokeAsync"/> does.
/// </summary>
public sealed class HelpCall : IDisposable
{
    /// <summary>How long the code is taken.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);

    private readonly Func<Grant, HelpCallState> read;

    internal HelpCall(Grant grant, AccessCode code, Func<Grant, HelpCallState> read)
    {
        Grant = grant;
        Code = code;
        this.read = read;
    }

    /// <summary>For the technician's side.</summary>
    public Grant Grant { get; }

    /// <summary>Twelve digits; good for one attempt, right or wrong.</summary>
    public AccessCode Code { get; }

    /// <summary>Until when the code is taken.</summary>
    public DateTimeOffset CodeExpiresAt => Grant.LastEntry;

    /// <summary>What has become of it by now, as the process sees it that made it; read from the disk.</summary>
    /// <exception cref="StateException">It cannot be read, and nobody gets in.</exception>
    public HelpCallState State => read(Grant);

    /// <summary>A grant for one attended session, signed by the computer.</summary>
    internal static Grant Sign(HelpRequest request, string calledBy, ISigningKey hostKey, DateTimeOffset now)
    {
        now = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var terms = new GrantTerms
        {
            Operations = request.Operations,
            NotAfter = now + CodeLifetime + request.SessionCap,
            Policy = new GrantPolicy { SessionCap = request.SessionCap, Recording = request.Operations.HasFlag(Operations.RecordSession) ? RecordingRule.Allowed : RecordingRule.Never },
            CodeKind = AccessCodeKind.SessionDigits,
        };
        var consent = new RecordedConsent(ConsentMethod.OnScreen, calledBy, request.Statement);
        byte[] signed = GrantDraft.AppendSignature(GrantFormat.Encode(GrantFields.Of(terms, consent, hostKey.PublicKey.ToArray(), request.TenantKey.Span, now)), hostKey);
        return Grant.TryRead(signed, out Grant? grant) ? grant : throw new ArgumentException("The request holds a value that no grant may have.", nameof(request));
    }

    /// <summary>What a grant without the tenant's signature may be: consent on screen, at once, and not for longer than code and session can last.</summary>
    internal static bool IsAcceptable(GrantFields fields) => fields.ConsentMethod == ConsentMethod.OnScreen && fields.NotBefore == fields.Issued
        && fields.NotAfter <= fields.Issued + CodeLifetime + GrantPolicy.LongestSession;

    /// <inheritdoc/>
    public void Dispose() => Code.Dispose();
}
