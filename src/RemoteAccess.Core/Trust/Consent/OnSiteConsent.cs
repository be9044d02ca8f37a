namespace RemoteAccess.Trust;

/// <summary>
/// The customer's yes, given to a technician who stands at the computer: the words, who said them, and how. The words go into the ledger
/// in full and their hash into the grant.
/// </summary>
public sealed record OnSiteConsent
{
    /// <summary>The most UTF-8 bytes of <see cref="Statement"/>.</summary>
    public const int MaxStatementBytes = 2048;

    /// <summary>The most UTF-8 bytes of <see cref="ConsentedBy"/>.</summary>
    public const int MaxNameBytes = 256;

    /// <summary>The exact text that was read out or signed; 1 to <see cref="MaxStatementBytes"/> UTF-8 bytes, line breaks allowed.</summary>
    public required string Statement { get; init; }

    /// <summary>The person who consented; 1 to <see cref="MaxNameBytes"/> UTF-8 bytes without control characters.</summary>
    public required string ConsentedBy { get; init; }

    /// <summary><see cref="ConsentMethod.OnSiteVerbal"/> or <see cref="ConsentMethod.OnSiteWritten"/>.</summary>
    public required ConsentMethod Method { get; init; }

    /// <exception cref="ArgumentException">A member is outside its stated range.</exception>
    internal void Validate()
    {
        if (Method is not (ConsentMethod.OnSiteVerbal or ConsentMethod.OnSiteWritten))
            throw new ArgumentException($"{nameof(Method)} {Method} is not an on-site method.", nameof(Method));
        if (string.IsNullOrWhiteSpace(Statement) || !PlainText.IsAcceptable(Statement, MaxStatementBytes, allowLines: true))
            throw new ArgumentException($"{nameof(Statement)} must be 1 to {MaxStatementBytes} bytes of text.", nameof(Statement));
        ValidateName(ConsentedBy);
    }

    /// <exception cref="ArgumentException">Not the name of a person who can be recorded as having acted.</exception>
    internal static void ValidateName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || !PlainText.IsAcceptable(name, MaxNameBytes))
            throw new ArgumentException($"A person's name must be 1 to {MaxNameBytes} bytes without control characters.", nameof(name));
    }
}
