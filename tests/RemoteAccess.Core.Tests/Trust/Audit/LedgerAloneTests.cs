using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A caller without company writes its entry itself, on its own thread.</summary>
public sealed class LedgerAloneTests : IDisposable
{
    /// <summary>So many appends, one after another, and there is no company.</summary>
    private const int Turns = 16;

    private readonly LedgerFolder folder = new();
    private readonly CountingDisk disk = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_NoCompany_IsOnTheDiskWhenTheCallReturns()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        int entries = await BeAloneAsync(ledger);
        Assert.True(IsWrittenHere(ledger, entries));
        Assert.Equal(entries + 1, LedgerReader.Read(folder.Path).Count());
        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Append_FirstOnes_AreTheWriters()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        for (int i = 0; i < Turns; i++)
        {
            int writer = 0;
            disk.Flushing = () => writer = Environment.CurrentManagedThreadId;
            // On a thread of its own, which the writer cannot be running on.
            int caller = await Task.Factory.StartNew(
                () =>
                {
                    Assert.Equal(i, ledger.AppendAsync(LedgerFolder.Event(i), Token).AsTask().GetAwaiter().GetResult());
                    return Environment.CurrentManagedThreadId;
                },
                Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Assert.NotEqual(caller, writer);
        }
    }

    [Fact]
    public async Task Append_CompanyWhileOneIsWritten_WritersAgain()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        int entries = await BeAloneAsync(ledger);
        using var flushing = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        disk.Flushing = () =>
        {
            disk.Flushing = null;
            flushing.Release();
            goOn.Wait(Token);
        };
        Task<long> alone = Task.Run(async () => await ledger.AppendAsync(LedgerFolder.Event(0), Token), Token);
        await flushing.WaitAsync(Token);
        int before = disk.Flushes;
        Task<long>[] company = [ledger.AppendAsync(LedgerFolder.Event(1), Token).AsTask(), ledger.AppendAsync(LedgerFolder.Event(2), Token).AsTask()];
        Assert.DoesNotContain(company, append => append.IsCompleted);
        goOn.Release();
        long[] sequences = await Task.WhenAll([alone, .. company]);
        Assert.Equal([entries, entries + 1, entries + 2], sequences);
        Assert.Equal(before + 1, disk.Flushes);
        Assert.False(IsWrittenHere(ledger, entries + 3));
        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Append_AnotherProcessHasTheLock_CallerDoesNotWaitForIt()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        int entries = await BeAloneAsync(ledger);
        Task<long> append;
        using (FileLock.Take(Path.Combine(folder.Path, LedgerFiles.Lock), TimeSpan.FromSeconds(10)))
        {
            append = ledger.AppendAsync(LedgerFolder.Event(0), Token).AsTask();
            Assert.False(append.IsCompleted);
        }

        Assert.Equal(entries, await append);
    }

    [Fact]
    public async Task Append_SignatureIsDue_IsTheWritersAndSigned()
    {
        await using Ledger ledger = folder.Open(disk: disk);
        for (int entries = await BeAloneAsync(ledger); entries < Ledger.EntriesPerCheckpoint - 1; entries++) Assert.True(IsWrittenHere(ledger, entries));
        Assert.False(IsWrittenHere(ledger, Ledger.EntriesPerCheckpoint - 1));
        await LedgerFolder.AppendAsync(ledger, 1);
        Assert.Equal(1, folder.Key.Signatures);
        Assert.Equal(Ledger.EntriesPerCheckpoint, folder.Verify().SignedEntries);
    }

    [Fact]
    public async Task Append_DiskFails_ToldAndNothingMoreIsWritten()
    {
        int entries;
        await using (Ledger ledger = folder.Open(disk: disk))
        {
            entries = await BeAloneAsync(ledger);
            disk.FailFlush = new IOException("Input/output error", 5);
            Assert.Equal(StateError.NotWritable, (await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(0), Token))).Error);
            await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(1), Token));
        }

        Assert.Equal(entries, LedgerReader.Read(folder.Path).Count());
    }

    [Fact]
    public async Task Append_Disposed_Refused()
    {
        Ledger ledger = folder.Open(disk: disk);
        int entries = await BeAloneAsync(ledger);
        await ledger.DisposeAsync();
        int before = disk.Writes;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ledger.AppendAsync(LedgerFolder.Event(0), Token));
        Assert.Equal(before, disk.Writes);
        Assert.Equal(entries, folder.Verify().SignedEntries);
    }

    /// <summary>Appends until this thread writes; returns how many there are. The writer may still have its turn when the caller of its last entry goes on.</summary>
    private async Task<int> BeAloneAsync(Ledger ledger)
    {
        await LedgerFolder.AppendAsync(ledger, Turns);
        for (int entries = Turns; entries < Ledger.EntriesPerCheckpoint - 3; entries++)
            if (IsWrittenHere(ledger, entries)) return entries + 1;
        throw new InvalidOperationException("Nobody was ever alone.");
    }

    /// <summary>Appends, and tells whether this thread wrote it.</summary>
    private bool IsWrittenHere(Ledger ledger, long expected)
    {
        int writer = 0;
        disk.Flushing = () =>
        {
            disk.Flushing = null;
            Volatile.Write(ref writer, Environment.CurrentManagedThreadId);
        };
        // Blocking: the writer's thread then cannot be this one.
        Assert.Equal(expected, ledger.AppendAsync(LedgerFolder.Event(0), Token).AsTask().GetAwaiter().GetResult());
        return Volatile.Read(ref writer) == Environment.CurrentManagedThreadId;
    }
}
