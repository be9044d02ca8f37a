using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class LiveSessionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Permit_GrantedOperation_IsTheSameEachTimeAndRecordedOnce()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        OperationPermit permit = await session.PermitAsync(Operations.ViewScreen, Cancel);
        OperationPermit[] concurrent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => session.PermitAsync(Operations.ViewScreen, Cancel).AsTask()));

        permit.Demand();
        Assert.All(concurrent, other => Assert.Same(permit, other));
        LedgerEntry used = Assert.Single(TrustFixture.History(trust, "operation.used"));
        Assert.Equal(session.Id.ToArray(), used.SessionId.ToArray());
        Assert.Equal("ViewScreen", (string?)used.Data()["operations"]?[0]);
    }

    [Theory]
    [InlineData(Operations.ControlInput)]
    [InlineData(Operations.RunCommands)]
    [InlineData(Operations.None)]
    [InlineData((Operations)(1u << 31))]
    [InlineData(Operations.ViewScreen | Operations.ControlInput)]
    public async Task Permit_OperationNotAskedForOrNotOne_Refuses(Operations operation)
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        AccessRefusedException refused = await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(operation, Cancel));

        Assert.Equal(RefusalReason.OperationNotGranted, refused.Reason);
        Assert.Empty(TrustFixture.History(trust, "operation.used"));
    }

    [Fact]
    public async Task Revoke_ByAnotherInstance_EndsTheSessionWithinASecond()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), commandLine = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        OperationPermit permit = await session.PermitAsync(Operations.ViewScreen, Cancel);

        Assert.True(await commandLine.RevokeAsync(grant.Id, "Erika", Cancel));
        permit.Demand();
        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(RefusalReason.Revoked, await TrustFixture.EndOfAsync(session));
        Assert.Equal(RefusalReason.Revoked, Assert.Throws<AccessRefusedException>(permit.Demand).Reason);
        await session.DisposeAsync();
        Assert.Equal("Revoked", (string?)Assert.Single(TrustFixture.History(trust, "session.ended")).Data()["reason"]);
        Assert.True(trust.VerifyLedger().Ok);
    }

    /// <summary>Before what arrived is carried out, and without the clock's next look.</summary>
    [Fact]
    public async Task Arrival_AfterARevocationByAnotherInstance_EndsTheSessionFirst()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), commandLine = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        OperationPermit permit = await session.PermitAsync(Operations.ViewScreen, Cancel);
        fixture.Time.Advance(SessionWatch.Period);
        Assert.True(await commandLine.RevokeAsync(grant.Id, "Erika", Cancel));

        fixture.Time.Advance(SessionWatch.ArrivalPeriod - TimeSpan.FromMilliseconds(1));
        session.NoteArrival();
        permit.Demand();
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        session.NoteArrival();

        Assert.Equal(RefusalReason.Revoked, Assert.Throws<AccessRefusedException>(permit.Demand).Reason);
        Assert.Equal(RefusalReason.Revoked, session.EndReason);
        Assert.Equal(RefusalReason.Revoked, await TrustFixture.EndOfAsync(session));
        session.NoteArrival();
    }

    [Fact]
    public async Task Revoke_InTheSameProcess_HasEndedTheSessionWhenItReturns()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust), untouched = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant)), other = await TrustFixture.ConnectAsync(trust, fixture.Request(untouched));
        OperationPermit permit = await session.PermitAsync(Operations.ViewScreen, Cancel);

        await trust.RevokeAsync(grant.Id, "Erika", Cancel);

        Assert.True(permit.Withdrawn.IsCancellationRequested);
        Assert.Equal((RefusalReason.Revoked, RefusalReason.None), (session.EndReason, other.EndReason));
        Assert.Equal(1, trust.SessionCount);
        AccessRefusedException refused = await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ViewScreen, Cancel));
        Assert.Equal(RefusalReason.Revoked, refused.Reason);
    }

    [Fact]
    public async Task Block_ByAnotherInstance_EndsTheSessionAndKeepsEverybodyOutUntilItsEnd()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), commandLine = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));

        await commandLine.BlockAsync(fixture.Time.GetUtcNow().AddHours(1), "Erika", Cancel);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(RefusalReason.Blocked, await TrustFixture.EndOfAsync(session));
        Assert.Equal(RefusalReason.Blocked, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        fixture.Time.Advance(TimeSpan.FromHours(1));
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(grant))).DisposeAsync();
    }

    [Fact]
    public async Task Stop_ByAnotherInstance_EndsAllSessionsAndForbidsNothing()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), commandLine = fixture.Open();
        Grant one = await fixture.GrantAsync(trust), other = await fixture.GrantAsync(trust);
        await using LiveSession first = await TrustFixture.ConnectAsync(trust, fixture.Request(one)), second = await TrustFixture.ConnectAsync(trust, fixture.Request(other));
        OperationPermit permit = await first.PermitAsync(Operations.ViewScreen, Cancel);

        await commandLine.StopSessionsAsync("Erika", Cancel);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(RefusalReason.Stopped, await TrustFixture.EndOfAsync(first));
        Assert.Equal(RefusalReason.Stopped, await TrustFixture.EndOfAsync(second));
        Assert.True(permit.Withdrawn.IsCancellationRequested);
        await using LiveSession next = await TrustFixture.ConnectAsync(trust, fixture.Request(one));
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(RefusalReason.None, next.EndReason);
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust), entry => entry.Type == "sessions.stopped");
        Assert.EndsWith("Erika stopped all sessions.", HistoryLine.Describe(entry), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_MarkerCutShortOrGone_EndsTheSession()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        string marker = Path.Combine(fixture.State, "stop");
        LiveSession cut = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        byte[] content = await File.ReadAllBytesAsync(marker, Cancel);
        byte[] torn = [.. content];
        torn[2] ^= 1;
        await File.WriteAllBytesAsync(marker, torn, Cancel);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(RefusalReason.Stopped, await TrustFixture.EndOfAsync(cut));
        await cut.DisposeAsync();

        await File.WriteAllBytesAsync(marker, content, Cancel);
        await using LiveSession gone = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        File.Delete(marker);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(RefusalReason.RecordUnavailable, await TrustFixture.EndOfAsync(gone));
    }

    [Fact]
    public async Task Open_StateOfTheVersionBefore_GetsItsStopMarker()
    {
        await using var fixture = new TrustFixture();
        Grant grant = await fixture.GrantAsync(fixture.Open());
        File.Delete(Path.Combine(fixture.State, "stop"));

        TrustFlow trust = fixture.Open();

        await (await TrustFixture.ConnectAsync(trust, fixture.Request(grant))).DisposeAsync();
    }

    [Fact]
    public async Task Unblock_Customer_LetsInAgain()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Cancel);
        Assert.Equal(RefusalReason.Blocked, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);

        await trust.UnblockAsync("Erika", Cancel);

        await (await TrustFixture.ConnectAsync(trust, fixture.Request(grant))).DisposeAsync();
        Assert.Equal(["access.blocked", "access.unblocked"], TrustFixture.History(trust).Select(entry => entry.Type).Where(type => type.StartsWith("access", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task BlockMarker_WriteCutShort_CountsAsBlocked()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        string block = Path.Combine(fixture.State, "block");
        byte[] content = await File.ReadAllBytesAsync(block, Cancel);
        content[2] ^= 1;
        await File.WriteAllBytesAsync(block, content, Cancel);

        Assert.Equal(DateTimeOffset.MaxValue, trust.BlockedUntil);
        await trust.UnblockAsync("Erika", Cancel);
        Assert.True(trust.BlockedUntil <= fixture.Time.GetUtcNow());
    }

    [Fact]
    public async Task ExpiresAt_GrantCapAnd12Hours_IsTheFirst()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        DateTimeOffset now = fixture.Time.GetUtcNow();
        Grant whole = await fixture.GrantAsync(trust);
        Grant capped = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { SessionCap = TimeSpan.FromMinutes(5) }));
        Grant ending = await fixture.GrantAsync(trust, fixture.Terms() with { NotAfter = now.AddMinutes(3) });
        async Task<DateTimeOffset> ExpiryAsync(Grant grant)
        {
            await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
            return session.ExpiresAt;
        }

        Assert.Equal(now.AddHours(12), await ExpiryAsync(whole));
        Assert.Equal(now.AddMinutes(5), await ExpiryAsync(capped));
        Assert.Equal(now.AddMinutes(3), await ExpiryAsync(ending));
    }

    [Fact]
    public async Task Cap_Reached_EndsTheSessionEvenWhenTheWallClockIsSetBack()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { SessionCap = TimeSpan.FromMinutes(5) }));
        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        fixture.Time.ShiftWallClock(TimeSpan.FromMinutes(-8));

        fixture.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(300));
        Assert.Equal(RefusalReason.None, session.EndReason);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1299));

        Assert.Equal(RefusalReason.Expired, await TrustFixture.EndOfAsync(session));
    }

    [Fact]
    public async Task Hours_Over_EndTheRunningSession()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        var hours = new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Monday], 8 * 60, 10 * 60 + 1)]);
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { Hours = hours }));
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));

        fixture.Time.Advance(TimeSpan.FromSeconds(60.9));

        Assert.Equal(RefusalReason.OutsideHours, await TrustFixture.EndOfAsync(session));
        Assert.Equal(RefusalReason.OutsideHours, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
    }

    [Fact]
    public async Task Watch_GrantUnreadable_EndsTheSession()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        await File.WriteAllTextAsync(Path.Combine(fixture.GrantDirectory(grant), "status"), "garbage", Cancel);

        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(RefusalReason.RecordUnavailable, await TrustFixture.EndOfAsync(session));
    }

    [Fact]
    public async Task Withdraw_OneOperation_KillsItsPermitOnlyAndRestoreGivesANewOne()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel), control = await session.PermitAsync(Operations.ControlInput, Cancel);

        await session.WithdrawAsync(Operations.ControlInput, "Erika", Cancel);

        view.Demand();
        Assert.Equal(RefusalReason.Withdrawn, Assert.Throws<AccessRefusedException>(control.Demand).Reason);
        Assert.Equal(RefusalReason.Withdrawn, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ControlInput, Cancel))).Reason);
        await session.RestoreAsync(Operations.ControlInput, "Erika", Cancel);
        OperationPermit again = await session.PermitAsync(Operations.ControlInput, Cancel);
        again.Demand();
        Assert.NotSame(control, again);
        Assert.Throws<AccessRefusedException>(control.Demand);
        Assert.Equal(
            ["operation.used", "operation.used", "operation.withdrawn", "operation.restored"],
            TrustFixture.History(trust).Select(entry => entry.Type).Where(type => type.StartsWith("operation", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task End_Session_RecordsWhatWasUsedOnceAndCancelsEverything()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput));
        OperationPermit permit = await session.PermitAsync(Operations.ViewScreen, Cancel);
        fixture.Time.Advance(TimeSpan.FromSeconds(90));

        await Task.WhenAll(
            session.EndAsync(RefusalReason.SessionEnded, "The technician closed it.", Cancel).AsTask(),
            session.EndAsync(RefusalReason.SessionEnded, "The technician closed it.", Cancel).AsTask());
        await session.DisposeAsync();

        Assert.True(session.Ended.IsCancellationRequested);
        Assert.Equal(RefusalReason.SessionEnded, Assert.Throws<AccessRefusedException>(permit.Demand).Reason);
        JsonObject data = Assert.Single(TrustFixture.History(trust, "session.ended")).Data();
        Assert.Equal(("SessionEnded", "The technician closed it.", 90), ((string?)data["reason"], (string?)data["text"], (int?)data["seconds"]));
        Assert.Equal("ViewScreen", (string?)Assert.Single(data["used"]?.AsArray() ?? []));
        Assert.Equal(0, trust.SessionCount);
    }

    [Fact]
    public async Task Dispose_TrustFlow_EndsItsSessionsAndSignsTheEnd()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        await trust.DisposeAsync();

        Assert.Equal(RefusalReason.SessionEnded, session.EndReason);
        TrustFlow again = fixture.Open();
        Assert.Single(TrustFixture.History(again, "session.ended"));
        LedgerVerification verification = again.VerifyLedger();
        Assert.True(verification.Ok);
        Assert.Equal(0, verification.UnsignedEntries);
        await session.DisposeAsync();
    }
}
