using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class LedgerQueryTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_OverSeveralSegments_GivesAllInTheOrderAskedFor(bool newestFirst)
    {
        await folder.FillAsync(60, segmentSize: 4096);
        Assert.True(LedgerFiles.Segments(folder.Path).Count > 3);

        long[] read = Numbers(new LedgerQuery { NewestFirst = newestFirst });

        Assert.Equal(newestFirst ? Enumerable.Range(0, 60).Reverse().Select(number => (long)number) : Enumerable.Range(0, 60).Select(number => (long)number), read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_PageByPage_GivesEachEntryOnceWhileOthersWrite(bool newestFirst)
    {
        await using Ledger ledger = folder.Open(segmentSize: 4096);
        await LedgerFolder.AppendAsync(ledger, 40);
        List<long> read = [];
        var query = new LedgerQuery { NewestFirst = newestFirst, Limit = 7, Before = 40 };
        while (Numbers(query) is { Length: > 0 } page)
        {
            read.AddRange(page);
            query = newestFirst ? query with { Before = page[^1] } : query with { From = page[^1] + 1 };
            await LedgerFolder.AppendAsync(ledger, 3);
        }

        Assert.Equal(newestFirst ? Enumerable.Range(0, 40).Reverse().Select(number => (long)number) : Enumerable.Range(0, 40).Select(number => (long)number), read);
    }

    [Fact]
    public async Task Read_NewestPage_DoesNotTouchOlderSegments()
    {
        await folder.FillAsync(60, segmentSize: 4096);
        IReadOnlyList<long> segments = LedgerFiles.Segments(folder.Path);
        foreach (long first in segments.Take(segments.Count - 2)) await File.WriteAllTextAsync(folder.Segment(first), "not read", Token);

        Assert.Equal([59, 58, 57, 56, 55, 54, 53, 52], Numbers(new LedgerQuery { NewestFirst = true, Limit = 8 }));
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => Numbers(new LedgerQuery { NewestFirst = true })).Error);
    }

    [Fact]
    public async Task Read_NewestFirstOverAMissingSegment_IsRefusedInsteadOfSkippingIt()
    {
        await folder.FillAsync(60, segmentSize: 4096);
        IReadOnlyList<long> segments = LedgerFiles.Segments(folder.Path);
        File.Delete(folder.Segment(segments[1]));

        StateException gap = Assert.Throws<StateException>(() => Numbers(new LedgerQuery { NewestFirst = true }));

        Assert.Equal(StateError.Corrupted, gap.Error);
        Assert.Contains($"ends before entry {segments[1]}", gap.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_TimeRangeAfterTheClockWasSetBack_FindsEveryEntryThatClaimsATimeInIt(bool newestFirst)
    {
        DateTimeOffset start = folder.Clock.GetUtcNow();
        await using Ledger ledger = folder.Open(segmentSize: 2048);
        for (int i = 0; i < 10; i++)
        {
            await ledger.AppendAsync(LedgerFolder.Event(i), Token);
            // 0 h, 1 h, 2 h, 3 h, then back to 0 h and on again.
            folder.Clock.Advance(TimeSpan.FromHours(i == 3 ? -3 : 1));
        }

        var query = new LedgerQuery { Since = start.AddHours(1), Until = start.AddHours(3), NewestFirst = newestFirst };

        Assert.Equal([1, 2, 5, 6], Numbers(query).Order());
    }

    [Fact]
    public async Task Read_BySessionTypeAndTechnician_GivesOnlyThese()
    {
        await using Ledger ledger = folder.Open();
        string key = new('a', 130);
        await ledger.AppendAsync(By("technician", "Max", key, "session.accepted", 1), Token);
        await ledger.AppendAsync(By("technician", "Eve", new string('b', 130), "session.accepted", 2), Token);
        await ledger.AppendAsync(By("customer", "Max", "", "grant.revoked", 1), Token);
        await ledger.AppendAsync(By("technician", "Max", key, "operation.used", 1), Token);
        await ledger.AppendAsync(By("agent", "", "", "session.ended", 1), Token);

        Assert.Equal([0, 3], Numbers(new LedgerQuery { Technician = "mAX" }));
        Assert.Equal([0, 3], Numbers(new LedgerQuery { Technician = key.ToUpperInvariant() }));
        Assert.Equal([3], Numbers(new LedgerQuery { Technician = "Max", Types = ["operation.used", "session.ended"] }));
        Assert.Equal([3, 4], Numbers(new LedgerQuery { Types = ["operation.used", "session.ended"] }));
        Assert.Equal([4, 3, 2, 0], Numbers(new LedgerQuery { SessionId = Id(1), NewestFirst = true }));
        Assert.Empty(Numbers(new LedgerQuery { Technician = "Max", SessionId = Id(2) }));
        Assert.Empty(Numbers(new LedgerQuery { Technician = key[..129] }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_TornTail_EndsBeforeIt(bool newestFirst)
    {
        await folder.FillAsync(5);
        await using (FileStream file = File.Open(folder.Segment(0), FileMode.Append)) await file.WriteAsync(new byte[] { 0, 0, 1, 200, (byte)'{' }, Token);

        Assert.Equal([0, 1, 2, 3, 4], Numbers(new LedgerQuery { NewestFirst = newestFirst }).Order());
    }

    [Fact]
    public async Task Read_MemberOutsideItsRange_IsRefusedBeforeAnythingIsRead()
    {
        await folder.FillAsync(1);
        LedgerQuery[] wrong =
        [
            new() { From = -1 }, new() { Before = -1 }, new() { Limit = 0 }, new() { SessionId = new byte[15] }, new() { Technician = "" },
            new() { Types = ["Session"] }, new() { Since = folder.Clock.GetUtcNow(), Until = folder.Clock.GetUtcNow().AddTicks(-1) },
        ];
        Assert.All(wrong, query => Assert.Throws<ArgumentException>(() => { _ = LedgerReader.Read(folder.Path, query); }));
    }

    [Fact]
    public async Task ReadHistory_WithAQuery_ReadsTheStatesLedger()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);
        await trust.BlockAsync(fixture.Time.GetUtcNow().AddHours(1), "Erika", Token);

        Assert.Equal(["access.blocked"], trust.ReadHistory(new LedgerQuery { NewestFirst = true, Limit = 1 }).Select(entry => entry.Type));
        Assert.Equal(["grant.created", "access.blocked"], LedgerReader.ReadState(fixture.State, new LedgerQuery()).Select(entry => entry.Type));
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => LedgerReader.ReadState(fixture.State + "x", new LedgerQuery())).Error);
    }

    private static byte[] Id(byte value) => [.. Enumerable.Repeat(value, 16)];

    private static LedgerEvent By(string kind, string name, string key, string type, byte session) => new()
    {
        Type = type,
        SessionId = Id(session),
        Actor = new JsonObject { ["kind"] = kind, ["name"] = name, ["key"] = key },
    };

    private long[] Numbers(LedgerQuery query) => [.. LedgerReader.Read(folder.Path, query).Select(entry => entry.Sequence)];
}
