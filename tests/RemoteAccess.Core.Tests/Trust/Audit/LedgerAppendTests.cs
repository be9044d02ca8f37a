using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class LedgerAppendTests : IDisposable
{
    private readonly LedgerFolder folder = new();
    private readonly CountingDisk disk = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_OneAfterTheOther_EachIsFlushedBeforeItCompletes()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        await ledger.AppendAsync(LedgerFolder.Event(0), Token);
        for (int i = 1; i < 10; i++)
        {
            int before = disk.Flushes;
            await ledger.AppendAsync(LedgerFolder.Event(i), Token);
            Assert.Equal(before + 1, disk.Flushes);
        }
    }

    [Fact]
    public async Task Append_ManyAtOnce_ShareFlushes()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        await ledger.AppendAsync(LedgerFolder.Event(0), Token);
        using var firstFlush = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        disk.Flushing = () =>
        {
            disk.Flushing = null;
            firstFlush.Release();
            goOn.Wait(Token);
        };
        int before = disk.Flushes;
        List<Task<long>> appends = [ledger.AppendAsync(LedgerFolder.Event(1), Token).AsTask()];
        await firstFlush.WaitAsync(Token);
        // While the first is being flushed, 49 more arrive: they take one flush together.
        for (int i = 2; i <= 50; i++) appends.Add(ledger.AppendAsync(LedgerFolder.Event(i), Token).AsTask());
        Assert.DoesNotContain(appends, append => append.IsCompleted);
        goOn.Release();
        long[] sequences = await Task.WhenAll(appends);
        Assert.Equal(Enumerable.Range(1, 50).Select(number => (long)number), sequences);
        Assert.Equal(before + 2, disk.Flushes);
        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Append_CancelledWhileWaiting_IsNotWritten()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        await ledger.AppendAsync(LedgerFolder.Event(0), Token);
        using var firstFlush = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        disk.Flushing = () =>
        {
            disk.Flushing = null;
            firstFlush.Release();
            goOn.Wait(Token);
        };
        using var cancellation = new CancellationTokenSource();
        Task<long> written = ledger.AppendAsync(LedgerFolder.Event(1), cancellation.Token).AsTask();
        await firstFlush.WaitAsync(Token);
        Task<long> waiting = ledger.AppendAsync(LedgerFolder.Event(2), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        goOn.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(1, await written);
        Assert.Equal(2, await ledger.AppendAsync(LedgerFolder.Event(3), Token));
        Assert.Equal(3, LedgerReader.Read(folder.Path).Count());
    }

    [Fact]
    public async Task Append_64Entries_SignsACheckpointByItself()
    {
        await using Ledger ledger = folder.Open();
        await LedgerFolder.AppendAsync(ledger, 63);
        Assert.Equal(0, folder.Key.Signatures);
        await LedgerFolder.AppendAsync(ledger, 1);
        // The next entry queues behind the checkpoint.
        await LedgerFolder.AppendAsync(ledger, 1);
        Assert.Equal(1, folder.Key.Signatures);
        Assert.Equal(64, folder.Verify().SignedEntries);
    }

    [Fact]
    public async Task Append_60SecondsPass_SignsACheckpointByItself()
    {
        await using Ledger ledger = folder.Open();
        await LedgerFolder.AppendAsync(ledger, 1);
        folder.Clock.Advance(TimeSpan.FromSeconds(30));
        await LedgerFolder.AppendAsync(ledger, 1);
        Assert.Equal(0, folder.Key.Signatures);
        folder.Clock.Advance(TimeSpan.FromSeconds(30));
        // The clock's request is queued. One entry may share its turn and be there before the signature; the next comes after it.
        await LedgerFolder.AppendAsync(ledger, 2);
        Assert.Equal(1, folder.Key.Signatures);
        folder.Clock.Advance(TimeSpan.FromSeconds(60));
        await ledger.CheckpointAsync(Token);
        Assert.Equal(4, folder.Verify().SignedEntries);
    }

    [Fact]
    public async Task Append_CallerHearsOfIt_ClockRunsAlready()
    {
        using var reached = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        await using Ledger ledger = folder.Open();
        folder.Clock.Setting = () =>
        {
            folder.Clock.Setting = null;
            reached.Release();
            goOn.Wait(Token);
        };
        Task<long> append = ledger.AppendAsync(LedgerFolder.Event(0), Token).AsTask();
        await reached.WaitAsync(Token);
        // Turns enough for the caller to hear, had it been told.
        for (int turn = 0; turn < 50; turn++) await Task.Run(() => { }, Token);
        Assert.False(append.IsCompleted);
        goOn.Release();
        await append;
    }

    [Fact]
    public async Task Checkpoint_ClocksOneFails_TriedAgainWithTheNextEntry()
    {
        using var failing = new FailingKey(folder.Key);
        await using Ledger ledger = Ledger.Open(folder.Path, failing, folder.Clock);
        await LedgerFolder.AppendAsync(ledger, 1);
        folder.Clock.Advance(TimeSpan.FromSeconds(60));
        await failing.Tried.WaitAsync(Token);
        await LedgerFolder.AppendAsync(ledger, 1);
        await failing.Tried.WaitAsync(Token);
        failing.Works = true;
        await LedgerFolder.AppendAsync(ledger, 2);
        Assert.Null(ledger.CheckpointFailure);
        Assert.Equal(3, folder.Verify().SignedEntries);
    }

    [Fact(Timeout = 60_000)]
    public async Task Checkpoint_ClocksOneFails_ClockTriesAgain60SecondsLater()
    {
        using var failing = new FailingKey(folder.Key);
        await using Ledger ledger = Ledger.Open(folder.Path, failing, folder.Clock);
        await LedgerFolder.AppendAsync(ledger, 1);
        folder.Clock.Advance(TimeSpan.FromSeconds(60));
        await failing.Tried.WaitAsync(Token);
        folder.Clock.Advance(TimeSpan.FromSeconds(60));
        await failing.Tried.WaitAsync(Token);
    }

    [Fact]
    public async Task Checkpoint_NothingNew_GivesTheLastOne()
    {
        await using Ledger ledger = folder.Open();
        await LedgerFolder.AppendAsync(ledger, 3);
        LedgerCheckpoint first = await ledger.CheckpointAsync(Token);
        LedgerCheckpoint second = await ledger.CheckpointAsync(Token);
        Assert.Equal(first.Note, second.Note);
        Assert.Equal(3, first.Size);
        Assert.Equal(folder.Verify().Root.ToArray(), first.Root.ToArray());
        Assert.Equal(1, folder.Verify().Checkpoints);
    }

    [Fact]
    public async Task Checkpoint_KeyFails_ToldToTheCallerAndEntriesGoOn()
    {
        using var failing = new FailingKey(folder.Key);
        await using (Ledger ledger = Ledger.Open(folder.Path, failing, folder.Clock))
        {
            await LedgerFolder.AppendAsync(ledger, 70);
            Assert.IsType<System.Security.Cryptography.CryptographicException>(ledger.CheckpointFailure);
            await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(async () => await ledger.CheckpointAsync(Token));
            failing.Works = true;
            await LedgerFolder.AppendAsync(ledger, 1);
            await ledger.CheckpointAsync(Token);
            Assert.Null(ledger.CheckpointFailure);
        }

        Assert.Equal(71, folder.Verify().SignedEntries);
    }

    [Fact]
    public async Task Append_DiskFailsAtTheFlush_NothingStaysAndTheLedgerMustBeReopened()
    {
        await using (Ledger ledger = folder.Open(disk: disk))
        {
            await LedgerFolder.AppendAsync(ledger, 2);
            disk.FailFlush = new IOException("Input/output error", 5);
            StateException failure = await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(2), Token));
            Assert.Equal(StateError.NotWritable, failure.Error);
            await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(3), Token));
        }

        Assert.Equal(2, LedgerReader.Read(folder.Path).Count());
        await folder.FillAsync(1);
        Assert.Equal(3, folder.Verify().SignedEntries);
    }

    [Fact]
    public async Task Append_DiskFailsInTheMiddleOfAWrite_HalfARecordIsTakenBack()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        await LedgerFolder.AppendAsync(ledger, 2);
        long before = new FileInfo(folder.Segment(0)).Length;
        disk.FailWrite = new IOException("No space left on device", 28);
        StateException failure = await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(2), Token));
        Assert.Equal(StateError.DiskFull, failure.Error);
        Assert.Equal(before, new FileInfo(folder.Segment(0)).Length);
        Assert.Equal(2, await ledger.AppendAsync(LedgerFolder.Event(2), Token));
    }

    [Fact]
    public async Task Append_SegmentsAreSmall_RollsAndReadsFromTheMiddle()
    {
        await folder.FillAsync(100, segmentSize: 4096);
        Assert.True(LedgerFiles.Segments(folder.Path).Count > 5);
        await folder.FillAsync(5, segmentSize: 4096);
        Assert.True(folder.Verify().Ok, folder.Verify().ToString());
        for (int from = 0; from <= 105; from += 13) Assert.Equal(Enumerable.Range(from, 105 - from).Select(number => (long)number), LedgerReader.Read(folder.Path, from).Select(entry => entry.Sequence));
        Assert.Empty(LedgerReader.Read(folder.Path, 1000));
    }

    [Fact]
    public async Task Append_EventThatCannotBeAnEntry_RefusedAndOthersGoOn()
    {
        await using Ledger ledger = folder.Open();
        LedgerEvent good = LedgerFolder.Event(1);
        LedgerEvent[] bad =
        [
            good with { Type = "" },
            good with { Type = "Session.Accepted" },
            good with { Type = new string('a', 65) },
            good with { SessionId = new byte[15] },
            good with { GrantId = new byte[17] },
            good with { Actor = [] },
            good with { Data = new JsonObject { ["x"] = null } },
            good with { Data = new JsonObject { ["x"] = 1.5 } },
            good with { Data = new JsonObject { ["x"] = new string('x', LedgerRecord.MaxEntry) } },
        ];
        foreach (LedgerEvent entry in bad) await Assert.ThrowsAsync<ArgumentException>(async () => await ledger.AppendAsync(entry, Token));
        Assert.Equal(0, await ledger.AppendAsync(good, Token));
    }

    [Fact]
    public async Task Append_LongestEntry_FitsAndReadsBack()
    {
        await using Ledger ledger = folder.Open();
        LedgerEvent good = LedgerFolder.Event(1) with { Data = new JsonObject { ["x"] = new string('x', LedgerRecord.MaxEntry - 700) } };
        await ledger.AppendAsync(good, Token);
        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Append_NestedAsDeepAsAllowed_ReadsBackAndOneDeeperIsRefused()
    {
        await using Ledger ledger = folder.Open();
        JsonObject deep = [];
        for (int depth = CanonicalJson.MaxDepth; depth > 2; depth--) deep = new JsonObject { ["x"] = deep };
        await ledger.AppendAsync(LedgerFolder.Event(1) with { Data = deep }, Token);
        Assert.True(folder.Verify().Ok, folder.Verify().ToString());
        await Assert.ThrowsAsync<ArgumentException>(async () => await ledger.AppendAsync(LedgerFolder.Event(1) with { Data = new JsonObject { ["x"] = deep.DeepClone() } }, Token));
    }

    [Fact]
    public async Task Append_CallerChangesTheEventAfterwards_EntryIsAsItWas()
    {
        await using Ledger ledger = folder.Open();
        var data = new JsonObject { ["x"] = 1 };
        ValueTask<long> append = ledger.AppendAsync(LedgerFolder.Event(1) with { Data = data }, Token);
        data["x"] = 2;
        await append;
        Assert.Equal(1, LedgerReader.Read(folder.Path).Single().Data()["x"]!.GetValue<int>());
    }

    [Fact]
    public async Task Append_Disposed_Refused()
    {
        Ledger ledger = folder.Open();
        await ledger.DisposeAsync();
        await ledger.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.AppendAsync(LedgerFolder.Event(1), Token));
    }

    [Fact]
    public async Task Append_LogRemovedOrCutBehindItsBack_Refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows nobody can remove a file that is open.");
        await using (Ledger ledger = folder.Open())
        {
            await LedgerFolder.AppendAsync(ledger, 3);
            using (FileStream file = LedgerFiles.OpenForWriting(folder.Segment(0))) file.SetLength(file.Length - 10);
            Assert.Equal(StateError.Corrupted, (await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(3), Token))).Error);
        }

        Directory.Delete(folder.Path, recursive: true);
        await using (Ledger ledger = folder.Open())
        {
            await LedgerFolder.AppendAsync(ledger, 3);
            File.Delete(folder.Segment(0));
            Assert.Equal(StateError.Corrupted, (await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(3), Token))).Error);
        }
    }

    private sealed class FailingKey(LedgerTestKey real) : Transport.ISigningKey, IDisposable
    {
        public bool Works { get; set; }

        /// <summary>One for each signature asked for.</summary>
        public SemaphoreSlim Tried { get; } = new(0);

        public ReadOnlySpan<byte> PublicKey => real.PublicKey;

        public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
        {
            bool works = Works;
            Tried.Release();
            if (!works) throw new System.Security.Cryptography.CryptographicException("The key is not there.");
            real.Sign(data, signature);
        }

        public void Dispose() => Tried.Dispose();
    }
}
