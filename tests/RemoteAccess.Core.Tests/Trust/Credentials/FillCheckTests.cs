using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The release conditions of a stored password, each by itself.</summary>
public sealed class FillCheckTests
{
    /// <summary>Every condition in its order, each with what breaks it and nothing else.</summary>
    private static readonly (RefusalReason Reason, Func<FillQuestion, FillQuestion> Break)[] Order =
    [
        (RefusalReason.Stopped, question => question with { SessionEnd = RefusalReason.Stopped }),
        (RefusalReason.OperationNotGranted, question => question with { Granted = Operations.ViewScreen }),
        (RefusalReason.Withdrawn, question => question with { Withdrawn = Operations.FillCredential }),
        (RefusalReason.Expired, question => question with { Policy = PolicyCheckTests.Change(question.Policy, fields => fields with { NotAfter = PolicyCheckTests.Now }) }),
        (RefusalReason.Revoked, question => question with { Policy = question.Policy with { Stored = question.Policy.Stored! with { RevokedAt = PolicyCheckTests.Now.AddDays(-1) } } }),
        (RefusalReason.Blocked, question => question with { Policy = question.Policy with { BlockedUntil = PolicyCheckTests.Now.AddSeconds(1) } }),
        (RefusalReason.OutsideHours, question => question with { Policy = PolicyCheckTests.Change(question.Policy, fields => fields with { Policy = fields.Policy with { Hours = PolicyCheckTests.Never } }) }),
        (RefusalReason.NotAvailable, question => question with { HasFiller = false }),
        (RefusalReason.NotAtLogon, question => question with { Screen = new LogonScreenState(false, "erika") }),
        (RefusalReason.LimitReached, question => question with { Fills = 3 }),
        (RefusalReason.CredentialStale, question => question with { Stored = StoredCredentialState.Stale }),
    ];

    [Fact]
    public void Evaluate_AllConditionsHold_Allows()
    {
        FillAnswer answer = FillCheck.Evaluate(Good());
        Assert.True(answer.IsAllowed);
        Assert.StartsWith("Allowed", FillCheck.Explain(answer), StringComparison.Ordinal);
        Assert.True(FillCheck.Evaluate(Good() with { Fills = 2 }).IsAllowed);
    }

    [Fact]
    public void Evaluate_AnyOneConditionBroken_RefusesByThatOne()
    {
        foreach ((RefusalReason reason, Func<FillQuestion, FillQuestion> breakIt) in Order)
        {
            FillAnswer answer = FillCheck.Evaluate(breakIt(Good()));
            Assert.Equal(reason, answer.Refusal);
            Assert.StartsWith("Refused: ", FillCheck.Explain(answer), StringComparison.Ordinal);
        }
        Assert.Equal(RefusalReason.NothingStored, FillCheck.Evaluate(Good() with { Stored = StoredCredentialState.None }).Refusal);
        // A grant that does not have it, though the session says so.
        FillQuestion narrowed = Good() with { Policy = PolicyCheckTests.Change(Good().Policy, fields => fields with { MaxOperations = Operations.ViewScreen }) };
        Assert.Equal(RefusalReason.OperationNotGranted, FillCheck.Evaluate(narrowed).Refusal);
    }

    [Fact]
    public void Evaluate_EveryConditionFromOneOnBroken_RefusesByThatOne()
    {
        FillQuestion question = Good();
        for (int i = Order.Length - 1; i >= 0; i--)
        {
            question = Order[i].Break(question);
            Assert.Equal(Order[i].Reason, FillCheck.Evaluate(question).Refusal);
        }
    }

    private static FillQuestion Good() => new()
    {
        SessionEnd = RefusalReason.None,
        Granted = Operations.ViewScreen | Operations.FillCredential,
        Withdrawn = Operations.ControlInput,
        Policy = PolicyCheckTests.Change(PolicyCheckTests.Good(), fields => fields with { MaxOperations = Operations.All }) with { Wanted = Operations.FillCredential },
        HasFiller = true,
        Screen = new LogonScreenState(true, "erika"),
        Fills = 0,
        Stored = StoredCredentialState.Stored,
    };
}
