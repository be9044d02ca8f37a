using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>What a grant and its entry in the ledger keep of a consent, however it was given.</summary>
internal readonly record struct RecordedConsent(ConsentMethod Method, string ConsentedBy, string Statement)
{
    public byte[] StatementHash => SHA256.HashData(PlainText.Utf8.GetBytes(Statement));

    /// <summary>Whether the grant was made from this consent; never so for an attended session, which is not consent to a grant.</summary>
    public bool Matches(Grant grant) => !grant.IsAttended && grant.ConsentMethod == Method && grant.ConsentedBy == ConsentedBy && grant.ConsentTextHash.Span.SequenceEqual(StatementHash);

    public static RecordedConsent Of(OnSiteConsent consent) => new(consent.Method, consent.ConsentedBy, consent.Statement);

    public static RecordedConsent Of(ConsentEvidence evidence) => new(ConsentMethod.OnScreen, evidence.ShownTo, evidence.Text);
}
