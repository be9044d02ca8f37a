using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class PolicyCheckTests
{
    internal static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

    /// <summary>Every rule in the order of protocol.md §6, each with what makes it refuse.</summary>
    private static readonly (RefusalReason Reason, Func<PolicyQuestion, PolicyQuestion> Break)[] Order =
    [
        (RefusalReason.GrantUnknown, question => question with { Stored = null }),
        (RefusalReason.GrantUnknown, question => question with { TenantId = new byte[32] }),
        (RefusalReason.GrantChanged, question => question with { GrantDigest = new byte[32] }),
        (RefusalReason.Expired, question => Change(question, fields => fields with { NotAfter = Now })),
        (RefusalReason.Revoked, question => question with { Stored = (question.Stored ?? throw new InvalidOperationException()) with { RevokedAt = Now.AddDays(-1) } }),
        (RefusalReason.SuiteTooWeak, question => question with { Suite = 0 }),
        (RefusalReason.RuleNotSupported, question => Change(question, fields => fields with { Policy = fields.Policy with { CredentialsRequired = true } })),
        (RefusalReason.Blocked, question => question with { BlockedUntil = Now.AddSeconds(1) }),
        (RefusalReason.OutsideHours, question => Change(question, fields => fields with { Policy = fields.Policy with { Hours = Never } })),
        (RefusalReason.OperationNotGranted, question => question with { Wanted = Operations.RunCommands }),
        (RefusalReason.ReasonRequired, question => question with { Reason = " " }),
        (RefusalReason.LockedOut, question => question with { Lockout = new Lockout(TimeSpan.FromSeconds(30), false) }),
        (RefusalReason.Busy, question => question with { IsBusy = true }),
    ];

    internal static WeeklyHours Never => new("UTC", [new HoursWindow([Now.AddDays(2).DayOfWeek], 0, 1)]);

    [Fact]
    public void Evaluate_NothingWrong_Allows() => Assert.True(PolicyCheck.Evaluate(Good()).IsAllowed);

    [Fact]
    public void Evaluate_AnyTwoRulesBroken_ReportsTheEarlier()
    {
        for (int first = 0; first < Order.Length; first++)
        {
            for (int second = first; second < Order.Length; second++)
            {
                // Later ones first: the first entries replace what the later ones change.
                PolicyQuestion question = Order[first].Break(Order[second].Break(Good()));
                Assert.True(Order[first].Reason == PolicyCheck.Evaluate(question).Refusal, $"{first} and {second}");
            }
        }
    }

    [Fact]
    public void Evaluate_EveryRuleFromOneOnBroken_ReportsThatOne()
    {
        PolicyQuestion question = Good();
        for (int i = Order.Length - 1; i >= 0; i--)
        {
            question = Order[i].Break(question);
            Assert.Equal(Order[i].Reason, PolicyCheck.Evaluate(question).Refusal);
        }
    }

    [Theory]
    [InlineData(Operations.ViewScreen | Operations.ControlInput, Operations.All, RefusalReason.None, Operations.None)]
    [InlineData(Operations.ViewScreen | Operations.Clipboard, Operations.All, RefusalReason.OperationNotGranted, Operations.Clipboard)]
    [InlineData(Operations.ViewScreen | Operations.ControlInput, Operations.ViewScreen, RefusalReason.OperationNotGranted, Operations.ControlInput)]
    [InlineData((Operations)(1u << 31) | Operations.ViewScreen, (Operations)uint.MaxValue, RefusalReason.OperationNotGranted, (Operations)(1u << 31))]
    [InlineData(Operations.None, Operations.All, RefusalReason.OperationNotGranted, Operations.None)]
    public void Evaluate_Operations_MustBeInGrantAndCertificate(Operations wanted, Operations certificate, RefusalReason refusal, Operations excess)
    {
        PolicyAnswer answer = PolicyCheck.Evaluate(Good() with { Wanted = wanted, TechnicianOperations = certificate });

        Assert.Equal((refusal, excess), (answer.Refusal, answer.Excess));
    }

    [Fact]
    public void Evaluate_PeriodBounds_BeginIsInsideAndEndIsNot()
    {
        PolicyQuestion question = Good();
        Grant grant = question.Stored?.Grant ?? throw new InvalidOperationException();

        Assert.Equal(RefusalReason.Expired, PolicyCheck.Evaluate(question with { Now = grant.NotBefore.AddTicks(-1) }).Refusal);
        Assert.True(PolicyCheck.Evaluate(question with { Now = grant.NotBefore }).IsAllowed);
        Assert.True(PolicyCheck.Evaluate(question with { Now = grant.NotAfter.AddTicks(-1) }).IsAllowed);
        Assert.Equal(RefusalReason.Expired, PolicyCheck.Evaluate(question with { Now = grant.NotAfter }).Refusal);
    }

    [Theory]
    [InlineData(InUseRule.AskThenAllow, false, RecordingRule.Never)]
    [InlineData(InUseRule.AskThenRefuse, false, RecordingRule.Never)]
    [InlineData(InUseRule.Refuse, false, RecordingRule.Never)]
    [InlineData(InUseRule.Allow, true, RecordingRule.Never)]
    [InlineData(InUseRule.Allow, false, RecordingRule.Required)]
    public void Evaluate_RuleThatCannotBeKept_RefusesInsteadOfIgnoringIt(InUseRule inUse, bool credentials, RecordingRule recording)
    {
        var policy = new GrantPolicy { InUse = inUse, CredentialsRequired = credentials, Recording = recording };

        Assert.Equal(RefusalReason.RuleNotSupported, PolicyCheck.Evaluate(Change(Good(), fields => fields with { Policy = policy })).Refusal);
    }

    [Fact]
    public void Evaluate_CredentialsThatCanBeChecked_Allows()
    {
        PolicyQuestion question = Change(Good(), fields => fields with { Policy = new GrantPolicy { CredentialsRequired = true } });

        Assert.True(PolicyCheck.Evaluate(question with { CanCheckCredentials = true }).IsAllowed);
    }

    [Fact]
    public void Evaluate_NarrowedByOneComputersPolicyAfterAnothers_EachAnswersForItself()
    {
        PolicyQuestion good = Good();
        PolicyQuestion open = good with { Computer = new AccessRules() }, shut = good with { Computer = new AccessRules { Hours = [Never] } };

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(RefusalReason.None, PolicyCheck.Evaluate(open).Refusal);
            Assert.Equal(RefusalReason.OutsideHours, PolicyCheck.Evaluate(shut).Refusal);
            Assert.Equal(RefusalReason.None, PolicyCheck.Evaluate(good).Refusal);
        }
    }

    [Fact]
    public void Evaluate_NarrowedByTheSamePolicyAgain_AllocatesNothing()
    {
        DayOfWeek[] days = Enum.GetValues<DayOfWeek>();
        var always = new WeeklyHours("America/New_York", [new HoursWindow(days, 0, 12 * 60), new HoursWindow(days, 12 * 60, 24 * 60)]);
        PolicyQuestion question = Good() with { Computer = new AccessRules { MaxOperations = Operations.ViewScreen, Hours = [always], ReasonRequired = true } };
        Assert.True(PolicyCheck.Evaluate(question).IsAllowed);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++) _ = PolicyCheck.Evaluate(question);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static PolicyQuestion Good()
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

    /// <summary>The same grant with one field changed, and the digest with it.</summary>
    internal static PolicyQuestion Change(PolicyQuestion question, Func<GrantFields, GrantFields> change)
    {
        Grant grant = question.Stored?.Grant ?? throw new InvalidOperationException();
        GrantFields fields = change(new GrantFields { NotAfter = grant.NotAfter, Policy = grant.Policy, MaxOperations = grant.MaxOperations });
        Grant changed = GrantSamples.Changed(grant, notAfter: fields.NotAfter, policy: fields.Policy, operations: fields.MaxOperations);
        return question with { Stored = (question.Stored ?? throw new InvalidOperationException()) with { Grant = changed } };
    }
}
