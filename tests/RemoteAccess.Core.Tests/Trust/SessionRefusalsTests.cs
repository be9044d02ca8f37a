using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class SessionRefusalsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_EachKind_TheFirstIsInTheLedgerAtOnce()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        await session.RecordRefusalAsync(Operations.TransferFiles, RefusalReason.OperationNotGranted, "Files message");
        await session.RecordRefusalAsync(Operations.TransferFiles, RefusalReason.OperationNotGranted, "Files message");
        await session.RecordRefusalAsync(Operations.TransferFiles, RefusalReason.Withdrawn, "Files message");
        await session.RecordRefusalAsync(Operations.None, RefusalReason.OperationNotGranted, "unknown Control message");

        IReadOnlyList<LedgerEntry> refused = TrustFixture.History(trust, "operation.refused");
        Assert.Equal(3, refused.Count);
        Assert.All(refused, entry => Assert.Equal(session.Id.ToArray(), entry.SessionId.ToArray()));
        Assert.All(refused, entry => Assert.Equal(session.Grant.Id.ToArray(), entry.GrantId.ToArray()));
        Assert.All(refused, entry => Assert.Equal("Alex Tester", (string?)entry.Actor()["name"]));
        Assert.Equal("""{"operations":["TransferFiles"],"refusal":"OperationNotGranted","subject":"Files message"}""", refused[0].Data().ToJsonString());
        Assert.EndsWith("Alex Tester was refused to transfer files (OperationNotGranted).", HistoryLine.Describe(refused[0]), StringComparison.Ordinal);
        Assert.EndsWith("Alex Tester was refused unknown Control message (OperationNotGranted).", HistoryLine.Describe(refused[2]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_Flood_IsOneEntryThenOneAMinuteThenOneAtTheEnd()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        await RefuseAsync(session, 5_000);
        Assert.Empty(TrustFixture.History(trust, "operation.refused.summary"));
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await TrustFixture.EventuallyAsync(() => TrustFixture.History(trust, "operation.refused.summary").SingleOrDefault());
        await RefuseAsync(session, 7_000);
        await session.DisposeAsync();

        Assert.Single(TrustFixture.History(trust, "operation.refused"));
        IReadOnlyList<LedgerEntry> summaries = TrustFixture.History(trust, "operation.refused.summary");
        Assert.Equal([4_999L, 7_000L], summaries.Select(CountOf));
        Assert.Equal("session.ended", TrustFixture.History(trust)[^1].Type);
        Assert.Equal("operation.refused.summary", TrustFixture.History(trust)[^2].Type);
        Assert.EndsWith("Alex Tester was refused again: 7000 times to see the screen (Withdrawn).", HistoryLine.Describe(summaries[1]), StringComparison.Ordinal);
        Assert.True(trust.VerifyLedger().Ok);
    }

    [Fact]
    public async Task Record_NothingRepeated_HasNoSummary()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        await RefuseAsync(session, 1);
        fixture.Time.Advance(TimeSpan.FromMinutes(3));
        await session.DisposeAsync();

        Assert.Single(TrustFixture.History(trust, "operation.refused"));
        Assert.Empty(TrustFixture.History(trust, "operation.refused.summary"));
    }

    [Fact]
    public async Task Record_MoreKindsThanThereAre_AreCountedTogether()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));

        for (int i = 0; i < 500; i++) await session.RecordRefusalAsync(Operations.None, RefusalReason.OperationNotGranted, $"kind {i}");
        await session.DisposeAsync();

        Assert.Equal(SessionRefusals.MaxKinds, TrustFixture.History(trust, "operation.refused").Count);
        Assert.Equal(500 - SessionRefusals.MaxKinds, CountOf(Assert.Single(TrustFixture.History(trust, "operation.refused.summary"))));
    }

    [Fact]
    public async Task Record_AfterTheEnd_IsNobodys()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));
        await session.EndAsync(RefusalReason.SessionEnded, "", Cancel);

        await RefuseAsync(session, 3);

        Assert.Equal("session.ended", TrustFixture.History(trust)[^1].Type);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Record_DiskFull_ThrowsAndIsCountedForTheEnd()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        using var folder = new LedgerFolder();
        var disk = new CountingDisk();
        await using Ledger ledger = folder.Open(disk: disk);
        var around = new SessionSurroundings
        {
            Ledger = ledger,
            HostKey = folder.Key,
            Time = fixture.Time,
            Consent = new ConsentGate(null, new TrustRecord(ledger, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)),
            Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            Making = trust.Making,
            Check = () => new SessionCheck(RefusalReason.None),
            Watch = () => new SessionCheck(RefusalReason.None),
            Ended = _ => { },
        };
        await using var refusals = new SessionRefusals(SessionFacts.Of(fixture.Request(grant), grant, grant.Rules, new byte[16], fixture.Time.GetUtcNow()), around);
        var refusal = new SessionRefusal(Operations.Chat, RefusalReason.OperationNotGranted, "Chat message");
        disk.FailWrite = new IOException("No space left on device", 28);

        StateException full = await Assert.ThrowsAsync<StateException>(async () => await refusals.RecordAsync(refusal));
        await refusals.CloseAsync();

        Assert.Equal(StateError.DiskFull, full.Error);
        LedgerEntry entry = Assert.Single(LedgerReader.Read(folder.Path));
        Assert.Equal(("operation.refused.summary", 1L), (entry.Type, CountOf(entry)));
    }

    private static async Task RefuseAsync(LiveSession session, int times)
    {
        for (int i = 0; i < times; i++) await session.RecordRefusalAsync(Operations.ViewScreen, RefusalReason.Withdrawn, "Picture message");
    }

    private static long CountOf(LedgerEntry summary) => (summary.Data()["refusals"] as JsonArray)?.Single()?["count"]?.GetValue<long>() ?? 0;
}
