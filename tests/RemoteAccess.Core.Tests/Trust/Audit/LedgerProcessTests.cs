using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Ledgers that other processes write, and die over.</summary>
public sealed class LedgerProcessTests : IDisposable
{
    /// <summary>Set it to kill more often than the 200 times that are the rule.</summary>
    private const string RunsVariable = "REMOTEACCESS_LEDGER_KILLS";

    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_KilledAtAnyMoment_EveryAcknowledgedEntryIsThereAndVerifies()
    {
        Wine.Skip("a program of its own has no dotnet to start another with");
        int runs = int.Parse(Environment.GetEnvironmentVariable(RunsVariable) ?? "200", CultureInfo.InvariantCulture);
        var random = new Random(1868);
        int torn = 0;
        long cuts = 0;
        for (int run = 0; run < runs; run++)
        {
            // By turns: killed from outside after some acknowledgements, and by itself between two pieces of one write.
            bool fromOutside = run % 2 == 0;
            using var victim = new LedgerVictimProcess(folder, seed: run, killAtPiece: fromOutside ? 0 : random.Next(1, 400));
            List<long> acknowledged = await victim.ReadAcknowledgedAsync(fromOutside ? random.Next(1, 60) : int.MaxValue, Token);
            acknowledged.AddRange(await victim.KillAsync(Token));

            LedgerVerification verification = folder.Verify();
            Assert.True(verification.Ok, $"run {run}: {verification}");
            if (verification.TornBytes > 0) torn++;
            cuts += verification.TornBytes;
            if (acknowledged.Count == 0) continue;
            HashSet<long> there = [.. LedgerReader.Read(folder.Path, acknowledged.Min()).Select(entry => entry.Sequence)];
            Assert.All(acknowledged, sequence => Assert.Contains(sequence, there));
            if (run % 20 != 19) continue;
            // Short ledgers keep the test short.
            Directory.Delete(folder.Path, recursive: true);
        }

        // Otherwise the test would not have tested what its name says.
        Assert.True(torn > runs / 10, $"only {torn} of {runs} runs left a torn tail, {cuts} bytes");
    }

    [Fact]
    public async Task Append_TwoProcessesAndThisOne_OneLedger()
    {
        Wine.Skip("a program of its own has no dotnet to start another with");
        const int Each = 150;
        using var first = new LedgerVictimProcess(folder, seed: 1, count: Each);
        using var second = new LedgerVictimProcess(folder, seed: 2, count: Each);
        List<long> own = [];
        Task<List<long>> ofFirst = first.ReadAcknowledgedAsync(int.MaxValue, Token);
        Task<List<long>> ofSecond = second.ReadAcknowledgedAsync(int.MaxValue, Token);
        await using (Ledger ledger = folder.Open(segmentSize: 64 * 1024))
        {
            for (int i = 0; i < Each; i++) own.Add(await ledger.AppendAsync(LedgerFolder.Event(i), Token));
            Assert.Equal(0, await first.WaitAsync(Token));
            Assert.Equal(0, await second.WaitAsync(Token));
            own.Add(await ledger.AppendAsync(LedgerFolder.Event(Each), Token));
        }

        long[] all = [.. own.Concat(await ofFirst).Concat(await ofSecond).Order()];
        Assert.Equal(Enumerable.Range(0, 3 * Each + 1).Select(number => (long)number), all);
        LedgerVerification verification = folder.Verify();
        Assert.True(verification.Ok, verification.ToString());
        Assert.Equal((all.Length, all.Length), (verification.Entries, verification.SignedEntries));
    }

    [Fact]
    public async Task Append_TwoLedgersOfOneProcessByTurns_EachSeesTheOthersEntries()
    {
        await using Ledger one = folder.Open(segmentSize: 4096);
        await using Ledger two = folder.Open(segmentSize: 4096);
        for (int i = 0; i < 40; i += 2)
        {
            Assert.Equal(i, await one.AppendAsync(LedgerFolder.Event(i), Token));
            Assert.Equal(i + 1, await two.AppendAsync(LedgerFolder.Event(i + 1), Token));
            if (i % 6 == 0) await one.CheckpointAsync(Token);
            if (i % 10 == 0) await two.CheckpointAsync(Token);
        }

        Task[] both = [LedgerFolder.AppendAsync(one, 100), LedgerFolder.AppendAsync(two, 100)];
        await Task.WhenAll(both);
        LedgerVerification verification = folder.Verify();
        Assert.True(verification.Ok, verification.ToString());
        Assert.Equal(240, verification.Entries);
    }

    [Fact]
    public async Task Read_WhileOthersAppend_GivesAPrefixInOrder()
    {
        await using Ledger ledger = folder.Open(segmentSize: 4096);
        Task appending = LedgerFolder.AppendAsync(ledger, 300);
        long most = 0;
        while (!appending.IsCompleted)
        {
            long next = 0;
            foreach (LedgerEntry entry in ledger.Read()) Assert.Equal(next++, entry.Sequence);
            Assert.True(next >= most);
            most = next;
            Assert.True(folder.Verify().Ok, folder.Verify().ToString());
        }

        await appending;
        Assert.Equal(300, ledger.Read().Count());
    }
}
