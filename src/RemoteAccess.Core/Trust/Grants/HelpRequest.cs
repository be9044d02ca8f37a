namespace RemoteAccess.Trust;

/// <summary>The customer calls for help: what one technician may come to ask for. Immutable.</summary>
public sealed record HelpRequest
{
    /// <summary>The key of the provider whose technicians may answer the call, 65 bytes: the one that the vendor's product names.</summary>
    public required ReadOnlyMemory<byte> TenantKey { get; init; }

    /// <summary>The most that the person will be asked for; each is asked for by itself when it is wanted. Default: all there is.</summary>
    public Operations Operations { get; init; } = Operations.All;

    /// <summary>When the session ends at the latest; whole minutes, 1 min to 12 h. Default: 4 h.</summary>
    public TimeSpan SessionCap { get; init; } = TimeSpan.FromHours(4);

    /// <summary>
    /// The exact words that the person saw when they called for help, for the record; 1 to <see cref="OnSiteConsent.MaxStatementBytes"/> UTF-8 bytes, line
    /// breaks allowed.
    /// </summary>
    public string Statement { get; init; } =
        "I call for help. One technician who knows the code can connect within 10 minutes, and is asked about on my screen before anything begins.";

    /// <exception cref="ArgumentException">A member is outside its stated range.</exception>
    internal void Validate()
    {
        if (!Transport.P256Group.IsValidPoint(TenantKey.Span)) throw new ArgumentException($"{nameof(TenantKey)} is not a public key of 65 bytes.");
        if (Operations == Operations.None || (Operations & ~Operations.All) != 0) throw new ArgumentException("Name at least one known operation, and no unknown one.");
        if (SessionCap < TimeSpan.FromMinutes(1) || SessionCap > GrantPolicy.LongestSession || SessionCap.Ticks % TimeSpan.TicksPerMinute != 0)
            throw new ArgumentException($"{nameof(SessionCap)} must be whole minutes, from 1 to {GrantPolicy.LongestSession.TotalMinutes:0}.");
        if (string.IsNullOrWhiteSpace(Statement) || !PlainText.IsAcceptable(Statement, OnSiteConsent.MaxStatementBytes, allowLines: true))
            throw new ArgumentException($"{nameof(Statement)} must be 1 to {OnSiteConsent.MaxStatementBytes} bytes of text.");
    }
}
