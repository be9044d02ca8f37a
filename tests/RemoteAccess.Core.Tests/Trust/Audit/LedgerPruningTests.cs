using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Old segments become their hashes: the rest still verifies, by both verifiers, whatever moment the power is lost at.</summary>
public sealed class LedgerPruningTests : IDisposable
{
    private const int SegmentSize = 4096;

    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prune_OldSegments_TheRestVerifiesReadsGoesOnAndProves()
    {
        await using Ledger ledger = await FilledAsync();
        long before = LedgerFiles.Segments(folder.Path)[3];
        byte[] root = folder.Verify().Root.ToArray();
        LedgerCheckpoint old = ledger.LatestCheckpoint!;
        byte[] proof = ledger.Prove(7, old.Size, Token);

        long pruned = await PruneAsync(ledger);

        Assert.Equal(before, pruned);
        Assert.Equal(before, LedgerReader.PrunedBefore(folder.Path));
        Assert.Equal(proof, ledger.Prove(7, old.Size, Token));
        LedgerVerification verification = folder.Verify();
        Assert.True(verification.Ok, verification.ToString());
        Assert.Equal((before, old.Size + 1), (verification.PrunedEntries, verification.Entries));
        Assert.True(ConsistencyProof.Verify(old.Size, root, verification.Entries, verification.Root.Span, ledger.Prove(old.Size, verification.Entries, Token)));
        long[] left = [.. Enumerable.Range((int)before, (int)(verification.Entries - before)).Select(value => (long)value)];
        Assert.Equal(left, LedgerReader.Read(folder.Path).Select(entry => entry.Sequence));
        Assert.Equal(left, LedgerReader.Read(folder.Path, 3).Select(entry => entry.Sequence));
        Assert.Equal(left[2..], LedgerReader.Read(folder.Path, left[2]).Select(entry => entry.Sequence));
        Assert.Equal(left.Reverse(), LedgerReader.Read(folder.Path, new LedgerQuery { NewestFirst = true }).Select(entry => entry.Sequence));
        Assert.Equal(before, LedgerReport.Build(LedgerReader.Read(folder.Path), ReportPeriod.All(TimeZoneInfo.Utc), DateTimeOffset.UnixEpoch).Pruned);
        Assert.Equal(verification.Entries, await ledger.AppendAsync(LedgerFolder.Event(1), Token));
        Assert.Equal(0, await PruneAsync(ledger));
        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Open_PrunedLedger_GoesOnAndPrunesFurther()
    {
        await using (Ledger first = await FilledAsync())
        {
            Assert.NotEqual(0, await PruneAsync(first));
            await LedgerFolder.AppendAsync(first, 40);
        }

        await using Ledger ledger = folder.Open(SegmentSize);
        LedgerVerification before = folder.Verify();
        folder.Clock.Advance(TimeSpan.FromDays(30));
        await LedgerFolder.AppendAsync(ledger, 20);
        Assert.InRange(await PruneAsync(ledger), 1, long.MaxValue);
        LedgerVerification after = folder.Verify();
        Assert.True(after.Ok, after.ToString());
        Assert.True(after.PrunedEntries > before.PrunedEntries && after.Entries > before.Entries);
        // What recorded the first pruning may be pruned itself; the newest never is.
        Assert.Contains(LedgerReader.Read(folder.Path), entry => entry.Type == LedgerPruning.EntryType);
    }

    [Fact]
    public async Task Append_ByAnotherProcessThatHasAPrunedSegmentOpen_GoesOn()
    {
        await using Ledger idle = folder.Open(SegmentSize);
        await LedgerFolder.AppendAsync(idle, 2);
        await using Ledger busy = await FilledAsync();
        Assert.NotEqual(0, await PruneAsync(busy));
        Assert.False(File.Exists(folder.Segment(0)));
        long next = folder.Verify().Entries;

        Assert.Equal(next, await idle.AppendAsync(LedgerFolder.Event(5), Token));
        Assert.Equal(next + 1, await busy.AppendAsync(LedgerFolder.Event(6), Token));
        Assert.True(folder.Verify().Ok, folder.Verify().ToString());
    }

    [Fact]
    public async Task Prune_DamagedSegment_IsRefusedAndNothingIsLost()
    {
        await using Ledger ledger = await FilledAsync();
        byte[] segment = await File.ReadAllBytesAsync(folder.Segment(0), Token);
        segment[100] ^= 1;
        await File.WriteAllBytesAsync(folder.Segment(0), segment, Token);
        Assert.Equal(StateError.Corrupted, (await Assert.ThrowsAsync<StateException>(() => PruneAsync(ledger))).Error);
        Assert.Equal(segment, await File.ReadAllBytesAsync(folder.Segment(0), Token));
        Assert.DoesNotContain(LedgerFiles.Segments(folder.Path), first => File.Exists(LedgerFiles.HashesPath(folder.Path, first)));
    }

    [Fact]
    public async Task Flow_Prune_AsksForADayIsRecordedAndSaysNothingWhenThereIsNothing()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);
        DateTimeOffset now = fixture.Time.GetUtcNow();
        await Assert.ThrowsAsync<ArgumentException>(async () => await trust.PruneAsync(now.AddHours(-23), "Erika", Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await trust.PruneAsync(now.AddDays(-2), "", Token));
        Assert.Equal(0, await trust.PruneAsync(now.AddDays(-2), "Erika", Token));
        Assert.Empty(TrustFixture.History(trust, LedgerPruning.EntryType));
    }

    /// <summary>What is done to a pruned ledger, and whether it is still intact.</summary>
    public static TheoryData<string, bool> Tamperings => new()
    {
        { "nothing", true },
        { "the segment is there as well", true },
        { "half of the hashes beside the segment", true },
        { "all segments are there as well", true },
        { "a hash changed", false },
        { "a hash changed and the checksum put right", false },
        { "hashes cut", false },
        { "hashes empty", false },
        { "a file of hashes missing", false },
        { "a file of hashes renamed", false },
        { "another segment turned into hashes without the computer's word", false },
        { "the word for it not signed", false },
        { "a later version", false },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Verify_PrunedLedger_BothVerifiersSayTheSame(string what, bool intact)
    {
        string script = VerifierScriptTests.FindScript();
        Dictionary<string, byte[]> segments;
        long cut;
        await using (Ledger ledger = await FilledAsync())
        {
            segments = LedgerFiles.Segments(folder.Path).Take(3).Select(folder.Segment).ToDictionary(path => path, File.ReadAllBytes);
            await PruneAsync(ledger);
            cut = LedgerFiles.Segments(folder.Path)[0];
        }

        Tamper(what, segments);
        string pem = Path.Combine(folder.Root, "host.pem");
        await File.WriteAllTextAsync(pem, folder.Key.PublicPem(), Token);

        (int code, string output, string complaint) = await VerifierScriptTests.RunAsync(script, folder.Path, pem, "--json");
        Assert.Equal((intact ? 0 : 2, ""), (code, complaint));
        JsonNode report = JsonNode.Parse(output)!;
        if (what == "a later version")
        {
            Assert.Equal(StateError.NewerVersion, Assert.Throws<StateException>(() => folder.Verify()).Error);
            return;
        }

        LedgerVerification verification = folder.Verify();
        Assert.Equal(intact, verification.Ok);
        Assert.Equal(
            (verification.Entries, verification.PrunedEntries, verification.SignedEntries, verification.Checkpoints, Convert.ToHexStringLower(verification.Root.Span)),
            (report["entries"]!.GetValue<long>(), report["prunedEntries"]!.GetValue<long>(), report["signedEntries"]!.GetValue<long>(), report["checkpoints"]!.GetValue<long>(), report["root"]!.GetValue<string>()));
        if (verification.Problem is not { } problem)
        {
            await using Ledger again = folder.Open(SegmentSize);
            await again.AppendAsync(LedgerFolder.Event(9), Token);
            Assert.Equal(LedgerReader.Read(folder.Path).Select(entry => entry.Sequence), LedgerReader.Read(folder.Path, new LedgerQuery { NewestFirst = true }).Select(entry => entry.Sequence).Reverse());
            Assert.Equal(what != "nothing", await PruneAsync(again) > 0);
            Assert.Equal(cut, LedgerFiles.Segments(folder.Path)[0]);
            Assert.True(folder.Verify().Ok, folder.Verify().ToString());
            return;
        }

        JsonNode found = report["problem"]!;
        Assert.Equal((problem.File, problem.Sequence), (found["file"]!.GetValue<string>(), found["sequence"]!.GetValue<long>()));
        Assert.StartsWith(problem.Text.TrimEnd('.'), found["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Prune_PowerLostAtEachStep_NothingUnprunedIsLostAndPruningAgainFinishes(int seed)
    {
        for (int lossAt = 1; ; lossAt += Wine.Or(1, 9))
        {
            using var one = new LedgerFolder();
            await FillAsync(one);
            string[] original = [.. LedgerReader.Read(one.Path).Select(entry => Convert.ToHexString(entry.LeafHash.Span))];
            var disk = new PowerLossDisk(one.Path, new Random((seed * 1000) + lossAt), lossAt);
            bool isLost = await LosePowerWhilePruningAsync(one, disk);
            RequireWhole(one, original);
            await using (Ledger ledger = one.Open(SegmentSize))
            {
                await PruneAsync(one, ledger);
                Assert.NotEqual(0, LedgerReader.PrunedBefore(one.Path));
                await ledger.AppendAsync(LedgerFolder.Event(1), Token);
            }

            RequireWhole(one, original);
            if (!isLost) return;
        }
    }

    private static async Task<bool> LosePowerWhilePruningAsync(LedgerFolder one, PowerLossDisk disk)
    {
        try
        {
            await using Ledger ledger = one.Open(SegmentSize, disk);
            await PruneAsync(one, ledger);
        }
        catch (StateException) when (disk.IsOff)
        {
            disk.LosePower();
            return true;
        }

        // The close signs and flushes too, and there the failure is nobody's.
        if (!disk.IsOff) return false;
        disk.LosePower();
        return true;
    }

    /// <summary>Verified; every entry that can be read is the one it was; the leaves of all are the ones they were.</summary>
    private static void RequireWhole(LedgerFolder one, string[] original)
    {
        LedgerVerification verification = one.Verify();
        Assert.True(verification.Ok, verification.ToString());
        List<string> leaves = [];
        LedgerLeaves.Read(one.Path, original.Length, leaf => leaves.Add(Convert.ToHexString(leaf)));
        Assert.Equal(original, leaves);
        foreach (LedgerEntry entry in LedgerReader.Read(one.Path).Where(entry => entry.Sequence < original.Length)) Assert.Equal(original[entry.Sequence], Convert.ToHexString(entry.LeafHash.Span));
    }

    private void Tamper(string what, Dictionary<string, byte[]> segments)
    {
        string hashes = LedgerFiles.HashesPath(folder.Path, 0);
        byte[] content = File.ReadAllBytes(hashes), segment = segments[folder.Segment(0)];
        switch (what)
        {
            case "nothing": break;
            case "the segment is there as well": Write(folder.Segment(0), segment); break;
            case "half of the hashes beside the segment":
                Write(folder.Segment(0), segment);
                Write(hashes, content[..(content.Length / 2)]);
                break;
            case "all segments are there as well":
                foreach (string path in segments.Keys) Write(path, segments[path]);
                break;
            case "a hash changed": content[40] ^= 1; Write(hashes, content); break;
            case "a hash changed and the checksum put right": content[40] ^= 1; Write(hashes, PrunedHashes.Encode(0, content.AsSpan(24..^4))); break;
            case "hashes cut": Write(hashes, content[..^36]); break;
            case "hashes empty": Write(hashes, []); break;
            case "a file of hashes missing": File.Delete(LedgerFiles.HashesPath(folder.Path, LedgerFiles.Pruned(folder.Path)[1])); break;
            case "a file of hashes renamed": File.Move(hashes, LedgerFiles.HashesPath(folder.Path, 1)); break;
            case "another segment turned into hashes without the computer's word": TurnIntoHashes(LedgerFiles.Segments(folder.Path)[0]); break;
            case "the word for it not signed": DropLastCheckpoint(); break;
            case "a later version":
                content[7] = 2;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(^4..), LedgerRecord.Checksum(content.AsSpan(..^4)));
                Write(hashes, content);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, "Nobody said how to do that.");
        }
    }

    private void TurnIntoHashes(long first)
    {
        List<byte> leaves = [];
        long end = LedgerFiles.Segments(folder.Path)[1];
        LedgerLeaves.ReadSegment(folder.Segment(first), first, end, leaf => leaves.AddRange(leaf));
        Write(LedgerFiles.HashesPath(folder.Path, first), PrunedHashes.Encode(first, [.. leaves]));
        File.Delete(folder.Segment(first));
    }

    private void DropLastCheckpoint()
    {
        string[] lines = File.ReadAllLines(folder.Checkpoints);
        Write(folder.Checkpoints, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines[..^5]) + "\n"));
    }

    private static void Write(string path, byte[] content)
    {
        File.Delete(path);
        PrivateFile.Create(path, content);
    }

    private async Task<Ledger> FilledAsync()
    {
        Ledger ledger = folder.Open(SegmentSize);
        await FillAsync(folder, ledger);
        return ledger;
    }

    private static async Task FillAsync(LedgerFolder folder)
    {
        await using Ledger ledger = folder.Open(SegmentSize);
        await FillAsync(folder, ledger);
    }

    /// <summary>Three segments that are old, and two more.</summary>
    private static async Task FillAsync(LedgerFolder folder, Ledger ledger)
    {
        int number = 0;
        while (LedgerFiles.Segments(folder.Path).Count < 4) await ledger.AppendAsync(LedgerFolder.Event(number++), Token);
        folder.Clock.Advance(TimeSpan.FromDays(10));
        while (LedgerFiles.Segments(folder.Path).Count < 6) await ledger.AppendAsync(LedgerFolder.Event(number++), Token);
        await ledger.CheckpointAsync(Token);
    }

    private Task<long> PruneAsync(Ledger ledger) => PruneAsync(folder, ledger);

    private static async Task<long> PruneAsync(LedgerFolder folder, Ledger ledger) => await ledger.Pruning.RunAsync(folder.Clock.GetUtcNow().AddDays(-5), async end =>
    {
        await ledger.AppendLastAsync(TrustEvents.LedgerPruned(end, folder.Clock.GetUtcNow().AddDays(-5), "Erika"), Token);
        await ledger.CheckpointAsync(Token);
    });
}
