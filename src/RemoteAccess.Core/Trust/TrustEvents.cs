using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Each kind of entry that trust writes into the ledger, with its facts. A code, a verifier or a token is in none of them.</summary>
internal static class TrustEvents
{
    public static LedgerEvent GrantCreated(Grant grant, string nickname, OnSiteConsent consent) => new()
    {
        Type = "grant.created",
        GrantId = grant.Id,
        Actor = Customer(consent.ConsentedBy),
        Data = new JsonObject
        {
            ["nickname"] = nickname,
            ["tenant"] = Hex(WireIdentity.Tenant(grant.TenantKey.Span)),
            ["operations"] = Names(grant.MaxOperations),
            ["issued"] = Time(grant.Issued),
            ["notBefore"] = Time(grant.NotBefore),
            ["notAfter"] = Time(grant.NotAfter),
            ["policy"] = JsonNode.Parse(grant.PolicyJson),
            ["codeKind"] = grant.CodeKind.ToString(),
            ["consentMethod"] = consent.Method.ToString(),
            ["consentedBy"] = consent.ConsentedBy,
            ["statement"] = consent.Statement,
            ["digest"] = Hex(grant.Digest.Span),
            ["encoded"] = Convert.ToBase64String(grant.Encoded.Span),
        },
    };

    public static LedgerEvent GrantRevoked(ReadOnlyMemory<byte> grantId, string revokedBy) => new()
    {
        Type = "grant.revoked",
        GrantId = grantId,
        Actor = Customer(revokedBy),
    };

    public static LedgerEvent GrantUnlocked(ReadOnlyMemory<byte> grantId, string unlockedBy) => new()
    {
        Type = "grant.unlocked",
        GrantId = grantId,
        Actor = Customer(unlockedBy),
    };

    public static LedgerEvent Blocked(DateTimeOffset until, string blockedBy) => new()
    {
        Type = "access.blocked",
        Actor = Customer(blockedBy),
        Data = new JsonObject { ["until"] = Time(until) },
    };

    public static LedgerEvent SessionsStopped(string stoppedBy) => new() { Type = "sessions.stopped", Actor = Customer(stoppedBy) };

    public static LedgerEvent Unblocked(string unblockedBy) => new() { Type = "access.unblocked", Actor = Customer(unblockedBy) };

    public static LedgerEvent LedgerPruned(long end, DateTimeOffset before, string prunedBy) => new()
    {
        Type = LedgerPruning.EntryType,
        Actor = Customer(prunedBy),
        Data = new JsonObject { ["from"] = 0, ["to"] = end, ["before"] = Time(before) },
    };

    public static LedgerEvent SessionRefused(ConnectRequest request, PolicyAnswer answer, ReadOnlyMemory<byte> sessionId)
    {
        JsonObject data = Facts(request);
        data["refusal"] = answer.Refusal.ToString();
        if (answer.RetryAfter > TimeSpan.Zero) data["retryAfterSeconds"] = (long)Math.Ceiling(answer.RetryAfter.TotalSeconds);
        if (answer.At is { } at) data["at"] = Time(at);
        if (answer.Excess != Operations.None) data["excess"] = Names(answer.Excess);
        return OfAttempt("session.refused", request, sessionId, data);
    }

    public static LedgerEvent SessionAbandoned(ConnectRequest request) => OfAttempt("session.abandoned", request, default, Facts(request));

    public static LedgerEvent SessionAccepted(ConnectRequest request, SessionFacts facts)
    {
        JsonObject data = Facts(request);
        data["expires"] = Time(facts.ExpiresAt);
        data["resumed"] = facts.IsResumed;
        data["failedAttempts"] = facts.FailedAttempts.Count;
        if (facts.FailedAttempts.Count > 0) data["failedSince"] = Time(facts.FailedAttempts.Since);
        return OfAttempt("session.accepted", request, facts.SessionId, data);
    }

    /// <summary>What the person at the computer was asked, in full, and the answer.</summary>
    public static LedgerEvent ConsentAnswered(SessionFacts facts, ConsentEvidence evidence) => new()
    {
        Type = "consent.answered",
        SessionId = facts.SessionId,
        GrantId = facts.Grant.Id,
        Actor = evidence.Answer.How == ConsentHow.Pressed ? Customer(evidence.ShownTo) : Agent(),
        Data = evidence.ToLedgerData(),
    };

    public static LedgerEvent OperationRefused(SessionFacts facts, SessionRefusal refusal) =>
        OfSession("operation.refused", facts, Facts(refusal));

    public static LedgerEvent RefusalSummary(SessionFacts facts, IReadOnlyList<KeyValuePair<SessionRefusal, long>> counted)
    {
        var refusals = new JsonArray();
        foreach ((SessionRefusal refusal, long count) in counted)
        {
            JsonObject data = Facts(refusal);
            data["count"] = count;
            refusals.Add((JsonNode)data);
        }
        return OfSession("operation.refused.summary", facts, new JsonObject { ["refusals"] = refusals });
    }

    public static LedgerEvent RejectSummary(IReadOnlyList<(PreGateFailure Failure, long Count)> counts)
    {
        var byFailure = new JsonObject();
        foreach ((PreGateFailure failure, long count) in counts) byFailure[failure.ToString()] = count;
        return new LedgerEvent { Type = "session.rejected.summary", Actor = Agent(), Data = new JsonObject { ["counts"] = byFailure } };
    }

    public static JsonObject Technician(TechnicianCertificate certificate) => new()
    {
        ["kind"] = "technician",
        ["name"] = certificate.Name,
        ["key"] = Hex(certificate.TechnicianKey.Span),
        ["tenant"] = Hex(certificate.TenantId.Span),
        ["certificate"] = Hex(certificate.Serial.Span),
    };

    public static JsonObject Customer(string name) => new() { ["kind"] = "customer", ["name"] = name };

    public static JsonObject Agent() => new() { ["kind"] = "agent" };

    public static JsonArray Names(Operations operations) => [.. Enum.GetValues<Operations>()
        .Where(operation => uint.IsPow2((uint)operation) && operations.HasFlag(operation))
        .Select(operation => (JsonNode?)JsonValue.Create(operation.ToString()))];

    /// <summary>Whole seconds in UTC, as in <c>2026-11-22T05:17:18Z</c>.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static LedgerEvent OfAttempt(string type, ConnectRequest request, ReadOnlyMemory<byte> sessionId, JsonObject data) => new()
    {
        Type = type,
        SessionId = sessionId,
        GrantId = request.GrantId.Length == GrantFormat.IdLength ? request.GrantId : default,
        Actor = Technician(request.Certificate),
        Data = data,
    };

    private static LedgerEvent OfSession(string type, SessionFacts facts, JsonObject data) => new()
    {
        Type = type,
        SessionId = facts.SessionId,
        GrantId = facts.Grant.Id,
        Actor = Technician(facts.Technician),
        Data = data,
    };

    private static JsonObject Facts(SessionRefusal refusal) => new()
    {
        ["operations"] = Names(refusal.Operation),
        ["refusal"] = refusal.Reason.ToString(),
        ["subject"] = refusal.Subject,
    };

    private static JsonObject Facts(ConnectRequest request) => new()
    {
        ["peer"] = request.Peer,
        ["operations"] = Names(request.Wanted),
        ["reason"] = request.Reason,
        ["suite"] = (int)request.Suite,
    };

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
