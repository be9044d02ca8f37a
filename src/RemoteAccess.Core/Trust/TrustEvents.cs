using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Each kind of entry that trust writes into the ledger, with its facts. A code, a verifier or a token is in none of them.</summary>
internal static class TrustEvents
{
    private const int MaxTextBytes = 1024;

    /// <summary>An on-site statement in full; what was shown on screen is in full in the entry of its answer, and here is its hash.</summary>
    public static LedgerEvent GrantCreated(Grant grant, string nickname, RecordedConsent consent)
    {
        JsonObject data = Facts(grant, consent);
        data["nickname"] = nickname;
        return new LedgerEvent { Type = "grant.created", GrantId = grant.Id, Actor = Customer(consent.ConsentedBy), Data = data };
    }

    /// <summary>The customer made a code for one attended session.</summary>
    public static LedgerEvent HelpCalled(Grant grant, string statement)
    {
        JsonObject data = Facts(grant, new RecordedConsent(grant.ConsentMethod, grant.ConsentedBy, statement));
        data["statement"] = statement;
        data["codeExpires"] = Time(grant.LastEntry);
        return new LedgerEvent { Type = "help.called", GrantId = grant.Id, Actor = Customer(grant.ConsentedBy), Data = data };
    }

    public static LedgerEvent GrantRevoked(ReadOnlyMemory<byte> grantId, string revokedBy) => new()
    {
        Type = "grant.revoked",
        GrantId = grantId,
        Actor = Customer(revokedBy),
    };

    /// <summary>The entry is the old grant's; what takes its place is in it, with its terms.</summary>
    public static LedgerEvent GrantCodeChanged(ReadOnlyMemory<byte> grantId, Grant following, string nickname, string changedBy) => new()
    {
        Type = "grant.code-changed",
        GrantId = grantId,
        Actor = Customer(changedBy),
        Data = new JsonObject
        {
            ["following"] = Hex(following.Id.Span),
            ["nickname"] = nickname,
            ["operations"] = Names(following.MaxOperations),
            ["notBefore"] = Time(following.NotBefore),
            ["notAfter"] = Time(following.NotAfter),
            ["policy"] = JsonNode.Parse(following.PolicyJson),
            ["codeKind"] = following.CodeKind.ToString(),
            ["digest"] = Hex(following.Digest.Span),
            ["encoded"] = Convert.ToBase64String(following.Encoded.Span),
        },
    };

    /// <summary>What the entry before announced did not happen.</summary>
    public static LedgerEvent GrantCodeUnchanged(ReadOnlyMemory<byte> grantId, Grant following, CodeChangeOutcome outcome) => new()
    {
        Type = "grant.code-unchanged",
        GrantId = grantId,
        Actor = Agent(),
        Data = new JsonObject { ["following"] = Hex(following.Id.Span), ["outcome"] = outcome.ToString() },
    };

    /// <summary>The customer took operations away from a grant, or gave them back.</summary>
    public static LedgerEvent OfGrant(string type, ReadOnlyMemory<byte> grantId, Operations operations, string by) => new()
    {
        Type = type,
        GrantId = grantId,
        Actor = Customer(by),
        Data = new JsonObject { ["operations"] = Names(operations) },
    };

    /// <summary>The customer shared a folder, or took it back.</summary>
    public static LedgerEvent OfFolder(string type, SharedFolder folder, string by) => new()
    {
        Type = type,
        Actor = Customer(by),
        Data = new JsonObject { ["folder"] = folder.Name, ["path"] = folder.FullPath, ["readOnly"] = folder.IsReadOnly },
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
        if (facts.IsAgreedBefore) data["agreedBefore"] = true;
        data["failedAttempts"] = facts.FailedAttempts.Count;
        if (facts.FailedAttempts.Count > 0) data["failedSince"] = Time(facts.FailedAttempts.Since);
        return OfAttempt("session.accepted", request, facts.SessionId, data);
    }

    /// <param name="facts">The session.</param>
    /// <param name="reason">The rule that ended it.</param>
    /// <param name="text">More about it; left out when it is no plain text.</param>
    /// <param name="length">From begin to end.</param>
    /// <param name="used">What was done in it.</param>
    public static LedgerEvent SessionEnded(SessionFacts facts, RefusalReason reason, string text, TimeSpan length, Operations used) => new()
    {
        Type = "session.ended",
        SessionId = facts.SessionId,
        GrantId = facts.Grant.Id,
        Actor = Agent(),
        Data = new JsonObject
        {
            ["reason"] = reason.ToString(),
            ["text"] = PlainText.IsAcceptable(text, MaxTextBytes, allowLines: true) ? text : "",
            ["seconds"] = (long)length.TotalSeconds,
            ["used"] = Names(used),
        },
    };

    /// <summary>A session that was accepted and that nobody serves any more, without an end: its process was killed, or the computer lost power.</summary>
    public static LedgerEvent SessionLost(SessionStory story) => new()
    {
        Type = "session.lost",
        SessionId = story.Accepted.SessionId,
        GrantId = story.Accepted.GrantId,
        Actor = Agent(),
        Data = new JsonObject { ["heard"] = Time(story.Last.Time), ["seconds"] = (long)story.Lasted.TotalSeconds, ["used"] = Names(story.Used) },
    };

    /// <summary>What became of one operation in a session.</summary>
    public static LedgerEvent OfOperation(string type, JsonObject actor, SessionFacts facts, Operations operation) => new()
    {
        Type = type,
        SessionId = facts.SessionId,
        GrantId = facts.Grant.Id,
        Actor = actor,
        Data = new JsonObject { ["operations"] = Names(operation) },
    };

    /// <summary>What the person at the computer was asked, in full, and the answer.</summary>
    public static LedgerEvent ConsentAnswered(SessionFacts facts, ConsentEvidence evidence) => new()
    {
        Type = "consent.answered",
        SessionId = facts.SessionId,
        GrantId = facts.Grant.Id,
        Actor = evidence.Answer.How == ConsentHow.Pressed ? Customer(evidence.ShownTo) : Agent(),
        Data = evidence.ToLedgerData(),
    };

    /// <summary>Credentials of the computer were right. Never with the password.</summary>
    public static LedgerEvent CredentialsAccepted(SessionFacts facts, string? user) =>
        OfSession("credentials.accepted", facts, new JsonObject { ["user"] = user ?? "" });

    /// <summary>They were not, and why, which the technician is not told. A name that cannot be one is left out.</summary>
    public static LedgerEvent CredentialsRefused(SessionFacts facts, string? user, string answer, int triesLeft) =>
        OfSession("credentials.refused", facts, new JsonObject { ["user"] = user ?? "", ["answer"] = answer, ["triesLeft"] = triesLeft });

    /// <summary>The customer stored a password for fill-in. Never with the password, as all that follow.</summary>
    public static LedgerEvent CredentialStored(ReadOnlyMemory<byte> grantId, string user) => new()
    {
        Type = "credential.stored", GrantId = grantId, Actor = Customer(user), Data = new JsonObject { ["user"] = user },
    };

    /// <summary>Stored passwords are gone; one account's, or all when it names none.</summary>
    public static LedgerEvent CredentialErased(ReadOnlyMemory<byte> grantId, JsonObject actor, string user, int count, string why) => new()
    {
        Type = "credential.erased", GrantId = grantId, Actor = actor, Data = new JsonObject { ["user"] = user, ["count"] = count, ["why"] = why },
    };

    /// <summary>A stored password is about to be filled in.</summary>
    public static LedgerEvent CredentialFill(SessionFacts facts, string user, int number) =>
        OfSession("credential.fill", facts, new JsonObject { ["user"] = user, ["number"] = number });

    /// <summary>What came of it.</summary>
    public static LedgerEvent CredentialFilled(SessionFacts facts, string user, FillOutcome outcome) =>
        OfSession("credential.filled", facts, new JsonObject { ["user"] = user, ["outcome"] = outcome.ToString() });

    /// <summary>How many texts and bytes of UTF-8 went each way since the entry before; never what they say.</summary>
    public static LedgerEvent TextsExchanged(string type, SessionFacts facts, (long Count, long Bytes) toComputer, (long Count, long Bytes) toTechnician) =>
        OfSession(type, facts, new JsonObject
        {
            ["toComputer"] = toComputer.Count, ["toComputerBytes"] = toComputer.Bytes, ["toTechnician"] = toTechnician.Count, ["toTechnicianBytes"] = toTechnician.Bytes,
        });

    /// <summary>The computer is about to be restarted.</summary>
    public static LedgerEvent ComputerRestarts(SessionFacts facts, RestartMode mode) => OfSession("computer.restart", facts, new JsonObject { ["mode"] = mode.ToString() });

    /// <summary>A file is about to be sent or taken.</summary>
    public static LedgerEvent FileBegun(SessionFacts facts, FileTransfer transfer) => OfSession("file.begun", facts, Facts(transfer));

    /// <summary>What came of it; the hash is the whole file's, and there when it went whole.</summary>
    public static LedgerEvent FileEnded(SessionFacts facts, FileTransfer transfer, RefusalReason reason, long bytes, ReadOnlySpan<byte> sha256)
    {
        JsonObject data = Facts(transfer);
        data["bytes"] = bytes;
        if (sha256.Length > 0) data["sha256"] = Hex(sha256);
        if (reason != RefusalReason.None) data["refusal"] = reason.ToString();
        return OfSession("file.ended", facts, data);
    }

    /// <summary>The technician's side is about to write to a file what it is sent of the picture.</summary>
    public static LedgerEvent RecordingStarted(SessionFacts facts, int number) => OfSession("recording.started", facts, new JsonObject { ["number"] = number });

    /// <summary>It no longer does. Hash and length are that side's own words, and are missing when it said none.</summary>
    public static LedgerEvent RecordingStopped(SessionFacts facts, int number, TimeSpan length, RefusalReason reason, DeclaredRecording? file)
    {
        var data = new JsonObject { ["number"] = number, ["seconds"] = (long)length.TotalSeconds, ["reason"] = reason == RefusalReason.None ? "Stopped" : reason.ToString() };
        if (file is null) return OfSession("recording.stopped", facts, data);
        data["sha256"] = Hex(file.Sha256.Span);
        data["bytes"] = (long)file.Bytes;
        return OfSession("recording.stopped", facts, data);
    }

    /// <summary>A program is about to be run; what is its input is left out, but for the length.</summary>
    public static LedgerEvent CommandStarted(SessionFacts facts, int number, CommandLine line, string? account) => OfSession("command.started", facts, new JsonObject
    {
        ["number"] = number, ["command"] = new JsonArray([.. line.Words.Prepend(line.Program).Select(word => (JsonNode?)JsonValue.Create(word))]), ["workingDirectory"] = line.WorkingDirectory,
        ["inputBytes"] = line.Input.Length, ["seconds"] = (long)line.TimeLimit.TotalSeconds, ["account"] = account ?? "",
    });

    /// <summary>How it ended; with an exit code when by itself.</summary>
    public static LedgerEvent CommandEnded(SessionFacts facts, int number, CommandResult result)
    {
        var data = new JsonObject { ["number"] = number, ["ending"] = result.Ending, ["milliseconds"] = (long)result.Length.TotalMilliseconds, ["outputBytes"] = result.OutputBytes, ["errorBytes"] = result.ErrorBytes };
        if (result.ExitCode is { } code) data["exitCode"] = code;
        return OfSession("command.ended", facts, data);
    }

    public static LedgerEvent SystemInfoRead(SessionFacts facts) => OfSession("system-info.read", facts, []);

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

    private static JsonObject Facts(Grant grant, RecordedConsent consent)
    {
        var data = new JsonObject
        {
            ["tenant"] = Hex(WireIdentity.Tenant(grant.TenantKey.Span)),
            ["operations"] = Names(grant.MaxOperations),
            ["issued"] = Time(grant.Issued),
            ["notBefore"] = Time(grant.NotBefore),
            ["notAfter"] = Time(grant.NotAfter),
            ["policy"] = JsonNode.Parse(grant.PolicyJson),
            ["codeKind"] = grant.CodeKind.ToString(),
            ["consentMethod"] = consent.Method.ToString(),
            ["consentedBy"] = consent.ConsentedBy,
            ["digest"] = Hex(grant.Digest.Span),
            ["encoded"] = Convert.ToBase64String(grant.Encoded.Span),
        };
        if (consent.Method == ConsentMethod.OnScreen) data["consentTextHash"] = Hex(consent.StatementHash);
        else data["statement"] = consent.Statement;
        return data;
    }

    private static JsonObject Facts(FileTransfer transfer) => new()
    {
        ["direction"] = transfer.IsToComputer ? "toComputer" : "toTechnician",
        ["file"] = transfer.Path,
        ["size"] = transfer.Size,
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
