using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>What the customer does from the surface reaches the session and the ledger; over the product's own connection.</summary>
public sealed class SurfaceActionTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();
    private SurfaceConnection? connection;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (connection is not null) await connection.DisposeAsync();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task Status_OfASession_IsPushedAtOnceAndSaysEverything()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        SurfaceGrant shown = Assert.Single(connection!.Status.Grants);
        Assert.Equal((Convert.ToHexStringLower(grant.Id.Span), "Contoso:Frontdesk:Erika", GrantState.Live), (shown.Id, shown.Nickname, shown.State));
        Assert.Equal((grant.MaxOperations, grant.NotAfter, "Mon–Fri 08:00–18:00, Sun 22:00–06:00 (UTC)", "Erika Mustermann"), (shown.Operations, shown.NotAfter, shown.Hours, shown.ConsentedBy));

        await using (LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput)))
        {
            SurfaceSession began = await SessionAsync(_ => true);
            Assert.Equal((Convert.ToHexStringLower(session.Id.Span), "Alex Tester", "Contoso:Frontdesk:Erika", "Ticket 4711"), (began.Id, began.Technician, began.Nickname, began.Reason));
            Assert.Equal((Operations.ViewScreen | Operations.ControlInput, Operations.None, false), (began.Operations, began.Used, began.IsWatching));
            Assert.Equal((fixture.Time.GetUtcNow(), session.ExpiresAt), (began.Began, began.ExpiresAt));
            await session.PermitAsync(Operations.ViewScreen, Cancel);
            await SessionAsync(one => one.Used == Operations.ViewScreen);
            session.ReportWatching(true);
            await SessionAsync(one => one.IsWatching);
            session.ReportWatching(false);
            await SessionAsync(one => !one.IsWatching);
        }

        await Patience.UntilAsync(() => connection.Status.Sessions.Count == 0 && connection.Status.Notices.Count == 2);
    }

    [Fact]
    public async Task Stop_EndsTheSessionAndIsRecordedUnderTheAccount()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));

        await connection!.DoAsync(new SurfaceAction.StopSessions(), Cancel);

        Assert.Equal(RefusalReason.Stopped, session.EndReason);
        AssertRecorded(trust, "sessions.stopped");
        Assert.Empty(connection.Status.Sessions);
    }

    [Fact]
    public async Task Block_AndUnblock_KeepOutAndLetIn()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        DateTimeOffset until = fixture.Time.GetUtcNow().AddHours(2);

        await connection!.DoAsync(new SurfaceAction.Block(until), Cancel);

        Assert.Equal(RefusalReason.Blocked, session.EndReason);
        Assert.Equal((until, until), (trust.BlockedUntil, connection.Status.BlockedUntil));
        AssertRecorded(trust, "access.blocked");
        await connection.DoAsync(new SurfaceAction.Block(null), Cancel);
        Assert.Equal(DateTimeOffset.MaxValue, connection.Status.BlockedUntil);
        await connection.DoAsync(new SurfaceAction.Unblock(), Cancel);
        Assert.Null(connection.Status.BlockedUntil);
        AssertRecorded(trust, "access.unblocked");
        await connection.DoAsync(new SurfaceAction.Unblock(), Cancel);
        Assert.Single(TrustFixture.History(trust, "access.unblocked"));
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(grant))).DisposeAsync();
    }

    [Fact]
    public async Task Block_UntilAMomentThatIsPast_IsRefusedInASentence()
    {
        (TrustFlow trust, _) = await OpenAsync();

        SurfaceException refused = await Assert.ThrowsAsync<SurfaceException>(() => connection!.DoAsync(new SurfaceAction.Block(fixture.Time.GetUtcNow().AddSeconds(-1)), Cancel));

        Assert.Equal("That moment is past. Choose one to come.", refused.Message);
        Assert.Empty(TrustFixture.History(trust, "access.blocked"));
    }

    [Fact]
    public async Task Revoke_EndsTheGrantAndItsSessionsForEver()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        string id = Convert.ToHexStringLower(grant.Id.Span);

        await connection!.DoAsync(new SurfaceAction.Revoke(id), Cancel);

        Assert.Equal(RefusalReason.Revoked, session.EndReason);
        Assert.Equal(GrantState.Revoked, connection.Status.Grants[0].State);
        AssertRecorded(trust, "grant.revoked");
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.Revoke(id), Cancel));
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.Revoke(new string('0', 32)), Cancel));
    }

    [Fact]
    public async Task Unlock_AllowsCodesAgain()
    {
        TrustFlow other = fixture.Open();
        Grant grant = await fixture.GrantAsync(other);
        for (int guess = 0; guess < 10; guess++)
        {
            await TrustFixture.FailAsync(other, fixture.Request(grant));
            fixture.Time.Advance(TimeSpan.FromHours(1));
        }
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        await ShowAsync();
        Assert.Equal((GrantState.LockedOut, true, 10), (connection!.Status.Grants[0].State, connection.Status.Grants[0].NeedsUnlock, connection.Status.Grants[0].FailedAttempts));

        await connection.DoAsync(new SurfaceAction.Unlock(Convert.ToHexStringLower(grant.Id.Span)), Cancel);

        Assert.Equal((GrantState.Live, false), (connection.Status.Grants[0].State, connection.Status.Grants[0].NeedsUnlock));
        AssertRecorded(trust, "grant.unlocked");
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.Unlock(new string('0', 32)), Cancel));
    }

    [Fact]
    public async Task WithdrawFromGrant_AndRestore_ActOnTheGrantAndItsSession()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput));
        OperationPermit input = await session.PermitAsync(Operations.ControlInput, Cancel);
        string id = Convert.ToHexStringLower(grant.Id.Span), sessionId = Convert.ToHexStringLower(session.Id.Span);

        await connection!.DoAsync(new SurfaceAction.WithdrawFromGrant(id, Operations.ControlInput), Cancel);

        Assert.Equal(RefusalReason.Withdrawn, Assert.Throws<AccessRefusedException>(input.Demand).Reason);
        Assert.Equal((Operations.ControlInput, Operations.ControlInput), (connection.Status.Grants[0].Withdrawn, connection.Status.Sessions[0].Withdrawn));
        AssertRecorded(trust, "grant.withdrawn");
        Assert.Contains("Give it back there.", (await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.Restore(sessionId, Operations.ControlInput), Cancel))).Message, StringComparison.Ordinal);
        await connection.DoAsync(new SurfaceAction.RestoreToGrant(id, Operations.ControlInput), Cancel);
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.Equal((Operations.None, Operations.None), (connection.Status.Grants[0].Withdrawn, connection.Status.Sessions[0].Withdrawn));
        AssertRecorded(trust, "grant.restored");
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.WithdrawFromGrant(new string('0', 32), Operations.ViewScreen), Cancel));
    }

    [Fact]
    public async Task Withdraw_AndRestore_ActOnTheLiveSession()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput));
        OperationPermit input = await session.PermitAsync(Operations.ControlInput, Cancel);
        string id = Convert.ToHexStringLower(session.Id.Span);

        await connection!.DoAsync(new SurfaceAction.Withdraw(id, Operations.ControlInput), Cancel);

        Assert.Equal(RefusalReason.Withdrawn, Assert.Throws<AccessRefusedException>(input.Demand).Reason);
        Assert.Equal(Operations.ControlInput, connection.Status.Sessions[0].Withdrawn);
        AssertRecorded(trust, "operation.withdrawn");
        await connection.DoAsync(new SurfaceAction.Restore(id, Operations.ControlInput), Cancel);
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.Equal(Operations.None, connection.Status.Sessions[0].Withdrawn);
        AssertRecorded(trust, "operation.restored");
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.Restore(id, Operations.RunCommands), Cancel));
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.Withdraw(new string('0', 32), Operations.ViewScreen), Cancel));
        Assert.Equal(Operations.ViewScreen | Operations.ControlInput, session.Operations);
        Assert.Equal(RefusalReason.OperationNotGranted, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.RunCommands, Cancel))).Reason);
    }

    [Fact]
    public async Task OtherProcess_Blocks_TheSurfaceIsTold()
    {
        await OpenAsync();
        TrustFlow commandLine = fixture.Open();
        DateTimeOffset until = fixture.Time.GetUtcNow().AddHours(1);
        await commandLine.BlockAsync(until, "Erika", Cancel);

        fixture.Time.Advance(SurfaceServer.PollPeriod);

        await Patience.UntilAsync(() => connection!.Status.BlockedUntil == until);
    }

    [Fact]
    public async Task Status_PolicyOfTheComputerCannotBeRead_IsTrouble()
    {
        await OpenAsync();
        string policy = Path.Combine(fixture.State, "policy.json");
        PrivateFile.Write(policy, "{"u8.ToArray());
        fixture.Time.Advance(SurfaceServer.PollPeriod);
        await Patience.UntilAsync(() => connection!.Status.Trouble?.Contains("policy.json", StringComparison.Ordinal) == true);
        Assert.Single(connection!.Status.Grants);

        File.Delete(policy);
        fixture.Time.Advance(SurfaceServer.PollPeriod);
        await Patience.UntilAsync(() => connection.Status.Trouble is null);
    }

    public static TheoryData<string> Unknown =>
    [
        """{"do":"grant"}""", """{"do":"hide"}""", """{"do":""}""", """{}""", """{"do":"revoke"}""", """{"do":"revoke","grant":"../../../../etc/passwd"}""", """{"do":"block","until":"later"}""",
        """{"do":"block","until":-1}""", """{"do":"block","until":9223372036854775807}""", """{"do":"withdraw","session":"00000000000000000000000000000000","operation":3}""",
        """{"do":"withdraw","session":"00000000000000000000000000000000","operation":1024}""", """{"do":"dismiss","notice":"..%2f"}""", """{"do":"history","skip":-1,"count":5}""",
        """{"do":"history","skip":0,"count":501}""", """{"do":"history"}""", """{"do":"report","period":"2026-13"}""", """{"do":"report","period":"2026-W54"}""", """{"do":"report","period":"yesterday"}""",
        """{"do":"report","period":"00000000000000000000000000000000"}""", """{"do":"take-back"}""", """{"do":"take-back","folder":"../state"}""", """{"do":"take-back","folder":7}""", """{"do":"share","folder":"/"}""",
    ];

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Request_UnknownOrImpossible_IsAnsweredWithASentenceAndChangesNothing(string request)
    {
        (TrustFlow trust, _) = await OpenAsync();
        int entries = TrustFixture.History(trust).Count;
        using RawSurface raw = RawSurface.Open(fixture);

        JsonObject answer = await raw.AskAsync(request);

        Assert.EndsWith(".", (string?)answer["error"], StringComparison.Ordinal);
        await raw.ShowAsync(true);
        Assert.Equal(entries, TrustFixture.History(trust).Count);
    }

    [Fact]
    public async Task History_IsTheNewestFirstInPages()
    {
        (TrustFlow trust, _) = await OpenAsync();
        for (int i = 0; i < 5; i++) await trust.UnblockAsync($"Person {i}", Cancel);

        IReadOnlyList<SurfaceHistoryLine> page = await connection!.ReadHistoryAsync(1, 3, Cancel);

        Assert.Equal(["Person 3 unblocked remote access.", "Person 2 unblocked remote access.", "Person 1 unblocked remote access."], page.Select(line => line.Text));
        Assert.Equal(fixture.Time.GetUtcNow(), page[0].At);
        Assert.Null(page[0].SessionId);
        Assert.Empty(await connection.ReadHistoryAsync(1000, 500, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => connection.ReadHistoryAsync(0, 501, Cancel));
    }

    [Theory]
    [InlineData("de", "Erika hat den Fernzugriff wieder freigegeben.")]
    [InlineData("ja", "Erika がリモートアクセスのブロックを解除しました。")]
    [InlineData("it", "Erika unblocked remote access.")]
    public async Task History_IsInTheLanguageOfTheSurface(string language, string words)
    {
        (TrustFlow trust, _) = await OpenAsync();
        await trust.UnblockAsync("Erika", Cancel);
        await using SurfaceConnection other = await SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.GetCultureInfo(language), fixture.Time, Cancel);

        Assert.Equal(words, Assert.Single(await other.ReadHistoryAsync(0, 1, Cancel)).Text);
    }

    [Fact]
    public async Task Report_OfAMonthAWeekAndASession_IsThePage()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        await session.DisposeAsync();

        foreach (string period in (string[])["2026-03", "2026-W10", Convert.ToHexStringLower(session.Id.Span)])
        {
            string page = await connection!.ReadReportAsync(period, Cancel);
            Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Alex Tester", page, StringComparison.Ordinal);
        }
    }

    private static void AssertRecorded(TrustFlow trust, string type) => Assert.Equal(Environment.UserName, (string?)TrustFixture.History(trust, type)[0].Actor()["name"]);

    private async Task<SurfaceSession> SessionAsync(Func<SurfaceSession, bool> isIt) =>
        await TrustFixture.EventuallyAsync(() => connection!.Status.Sessions.FirstOrDefault(isIt));

    /// <summary>Its heartbeats come as the clock is moved; for tests that do not move it, one is enough.</summary>
    private async Task ShowAsync()
    {
        connection ??= await SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.InvariantCulture, fixture.Time, Cancel);
        connection.ReportShown(connection.Status);
        await connection.Reported;
        // What is asked after a heartbeat is answered after it was heard.
        await connection.ReadHistoryAsync(0, 1, Cancel);
    }

    private async Task<(TrustFlow Trust, Grant Grant)> OpenAsync()
    {
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        var hours = new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday], 8 * 60, 18 * 60), new HoursWindow([DayOfWeek.Sunday], 22 * 60, 6 * 60)]);
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { Hours = hours }));
        await ShowAsync();
        return (trust, grant);
    }
}
