using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>
/// Every operation × every set a grant may allow × every set a certificate may allow × every state: allowed is what is listed here, and everything
/// else is refused.
/// </summary>
public sealed class PermissionMatrixTests
{
    private const int Sets = (int)Operations.All + 1;
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

    private static readonly Operations[] Each = [.. Enum.GetValues<Operations>().Where(operation => uint.IsPow2((uint)operation))];

    /// <summary>The one state in which something is allowed: live, known, within its time and hours, not blocked, nothing under way.</summary>
    [Fact]
    public void Evaluate_LiveGrant_AllowsWhatGrantAndCertificateBothAllowAndNothingElse()
    {
        PolicyQuestion live = Live();
        long allowed = 0, expected = 0;
        foreach (Operations operation in Each)
        {
            for (int granted = 0; granted < Sets; granted++)
            {
                PolicyQuestion question = With(live, (Operations)granted);
                for (int certified = 0; certified < Sets; certified++)
                {
                    bool isListed = ((Operations)granted).HasFlag(operation) && ((Operations)certified).HasFlag(operation);
                    bool isAllowed = PolicyCheck.Evaluate(question with { Wanted = operation, TechnicianOperations = (Operations)certified }).IsAllowed;
                    if (isAllowed != isListed) Assert.Fail($"{operation} under a grant of {(Operations)granted} and a certificate of {(Operations)certified}: {isAllowed}");
                    allowed += isAllowed ? 1 : 0;
                    expected += isListed ? 1 : 0;
                }
            }
        }
        // A quarter of each operation's pairs of sets have it in both.
        Assert.Equal(Each.Length * (long)Sets * Sets / 4, allowed);
        Assert.Equal(expected, allowed);
    }

    /// <summary>A grant that names the operation and a rule that says never: the rule counts, the grant's or the computer's, and closes nothing else.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluate_RecordingNever_ClosesThatOperationAndNoOther(bool isTheComputers)
    {
        PolicyQuestion all = With(Live(), Operations.All);
        PolicyQuestion question = isTheComputers ? all with { Computer = new AccessRules { Recording = RecordingRule.Never } }
            : all with { Stored = all.Stored! with { Grant = GrantSamples.Changed(all.Stored.Grant, policy: all.Stored.Grant.Policy with { Recording = RecordingRule.Never }) } };

        foreach (Operations operation in Each)
        {
            PolicyAnswer answer = PolicyCheck.Evaluate(question with { Wanted = operation }), before = PolicyCheck.Evaluate(all with { Wanted = operation });
            Assert.True(before.IsAllowed, $"{operation}");
            Assert.Equal(operation == Operations.RecordSession ? (RefusalReason.OperationNotGranted, operation) : (RefusalReason.None, Operations.None), (answer.Refusal, answer.Excess));
        }
        // A session that wants more goes on without it, also where the customer took the rest away.
        Assert.True(PolicyCheck.Evaluate(question with { Wanted = Operations.All }).IsAllowed);
        Assert.Equal(RefusalReason.Withdrawn, PolicyCheck.Evaluate(question with { Wanted = Operations.ViewScreen | Operations.RecordSession, Withdrawn = Operations.ViewScreen }).Refusal);
    }

    public static TheoryData<string> Others => [.. States.Keys];

    [Theory]
    [MemberData(nameof(Others))]
    public void Evaluate_AnyOtherState_AllowsNothing(string state)
    {
        PolicyQuestion live = Live();
        foreach (Operations operation in Each)
        {
            for (int granted = 0; granted < Sets; granted++)
            {
                PolicyQuestion question = States[state](With(live, (Operations)granted));
                foreach (Operations certified in (Operations[])[Operations.None, operation, Operations.All & ~operation, Operations.All])
                    Assert.False(PolicyCheck.Evaluate(question with { Wanted = operation, TechnicianOperations = certified }).IsAllowed, $"{operation}, {(Operations)granted}, {certified}");
            }
        }
    }

    private static readonly Dictionary<string, Func<PolicyQuestion, PolicyQuestion>> States = new()
    {
        ["unknown"] = question => question with { Stored = null },
        ["another tenant's"] = question => question with { TenantId = new byte[32] },
        ["changed"] = question => question with { GrantDigest = new byte[32] },
        ["not yet"] = question => question with { Now = question.Stored!.Grant.NotBefore.AddTicks(-1) },
        ["expired"] = question => question with { Now = question.Stored!.Grant.NotAfter },
        ["revoked"] = question => question with { Stored = question.Stored! with { RevokedAt = Now } },
        ["suite too weak"] = question => question with { Suite = 0 },
        ["blocked"] = question => question with { BlockedUntil = DateTimeOffset.MaxValue },
        ["computer's policy: nothing"] = question => question with { Computer = new AccessRules { MaxOperations = Operations.None } },
        ["computer's policy: over"] = question => question with { Computer = new AccessRules { NotAfter = Now } },
        ["computer's policy: no hours"] = question => question with { Computer = new AccessRules { Hours = [Never] } },
        ["computer's policy: contradictory"] = question => question with { Computer = new AccessRules { IsContradictory = true } },
        ["computer's policy: recording demanded"] = question => question with { Computer = new AccessRules { Recording = RecordingRule.Required } },
        ["computer's policy: in use, and nobody can be seen"] = question => question with { Computer = new AccessRules { InUse = InUseRule.AskThenAllow } },
        ["in use, and refused then"] = question => question with { Computer = new AccessRules { InUse = InUseRule.Refuse }, CanSeeAndAsk = true, IsInUse = true },
        ["no reason"] = question => question with { Computer = new AccessRules { ReasonRequired = true }, Reason = "" },
        ["delayed"] = question => question with { Lockout = new Lockout(TimeSpan.FromSeconds(1), false) },
        ["locked"] = question => question with { Lockout = new Lockout(TimeSpan.Zero, true) },
        ["another attempt"] = question => question with { IsBusy = true },
        ["code used up"] = question => question with { IsEntry = true, IsCodeSpent = true },
        ["attended, and nobody can be asked"] = question => Attended(question),
        ["attended, and its code is over"] = question => Attended(question) with { CanSeeAndAsk = true, IsEntry = true, Now = Now + HelpCall.CodeLifetime },
    };

    private static WeeklyHours Never => new("UTC", [new HoursWindow([Now.AddDays(2).DayOfWeek], 0, 1)]);

    private static PolicyQuestion Live()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create();
        Assert.True(Grant.TryRead(GrantSamples.Sign(GrantSamples.Unsigned(host, tenant, "none"), host, tenant), out Grant? grant));
        return new PolicyQuestion
        {
            Now = Now,
            Stored = new StoredGrant(grant, "n", null),
            BlockedUntil = DateTimeOffset.UnixEpoch,
            TenantId = WireIdentity.Tenant(tenant.PublicKey),
            GrantDigest = grant.Digest,
            Suite = 1,
            Wanted = Operations.ViewScreen,
            TechnicianOperations = Operations.All,
            Reason = "Ticket 4711",
        };
    }

    private static PolicyQuestion With(PolicyQuestion question, Operations granted) => Change(question, granted, AccessCodeKind.Generated);

    private static PolicyQuestion Attended(PolicyQuestion question) => Change(question, question.Stored!.Grant.MaxOperations, AccessCodeKind.SessionDigits);

    private static PolicyQuestion Change(PolicyQuestion question, Operations granted, AccessCodeKind kind)
    {
        Grant grant = question.Stored!.Grant;
        DateTimeOffset issued = kind == AccessCodeKind.SessionDigits ? Now : grant.Issued;
        return question with { Stored = question.Stored with { Grant = GrantSamples.Changed(grant, operations: granted, kind: kind, issued: issued, policy: grant.Policy with { Recording = RecordingRule.Allowed }) } };
    }
}
