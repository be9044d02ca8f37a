using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The exchange of checkpoints between a real agent and a real viewer, over memory.</summary>
public sealed class WitnessTests
{
    [Fact]
    public async Task Connect_FirstTimeAndAgain_IsFirstSeenThenConsistentAndBothKeepTheOthersCheckpoint()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        Visit one = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        LedgerWitness first = await one.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await one.Session.DisposeAsync();
        await one.EndAsync();
        Visit two = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        LedgerWitness second = await two.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await two.Session.DisposeAsync();
        await two.EndAsync();

        Assert.Equal((LedgerWitnessState.FirstSeen, 0), (first.State, first.KeptSize));
        Assert.Equal(LedgerWitnessState.Consistent, second.State);
        Assert.True(second.KeptSize > first.Size && second.Size > second.KeptSize, second.ToString());
        Assert.False(second.IsAlarm);
        using var technician = new CheckpointNote(desk.Tenant.TechnicianKey.PublicKey);
        string[] kept = [.. desk.History("witness.received").Select(entry => (string)entry.Data()["note"]!)];
        Assert.Equal(2, kept.Length);
        Assert.All(kept, note => Assert.True(technician.TryReadOne(Encoding.UTF8.GetBytes(note), out _)));
        Assert.True(LedgerVerifier.Verify(store.LedgerDirectory, desk.Tenant.TechnicianKey.PublicKey).Ok);
        Assert.Equal(["session.witnessed", "witness.received", "session.receipt", "session.witnessed", "witness.received", "session.receipt"], LedgerReader.Read(store.LedgerDirectory).Select(entry => entry.Type));
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Connect_WithoutAStore_IsNotProvenAndCostsTheComputerNoEntry()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        LedgerWitness witness = await visit.Session.LedgerWitnessed;
        await visit.Session.DisposeAsync();
        await visit.EndAsync();

        Assert.Equal(LedgerWitnessState.NotProven, witness.State);
        Assert.Empty(desk.History("witness.received"));
        Assert.Empty(desk.History("session.receipt"));
    }

    [Fact]
    public async Task Connect_StoreOfAnotherKey_IsRefusedBeforeAnything()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        using EcdsaSigningKey other = EcdsaSigningKey.Create();
        await using WitnessStore store = WitnessStore.Open(desk.WitnessDirectory, other, desk.Time);
        await Assert.ThrowsAsync<ArgumentException>(() => desk.ConnectAsync(new ConnectOptions { Witness = store }));
        Assert.Empty(desk.History("session.accepted"));
        await store.CheckpointAsync();
        Assert.Throws<StateException>(() => WitnessStore.Open(desk.WitnessDirectory, desk.Tenant.TechnicianKey, desk.Time));
    }

    [Fact]
    public async Task Ledger_SetBackToAnOlderStateOfItsDirectory_IsToldAndBothCheckpointsAreKept()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        string older = desk.CopyLedger();
        string kept = await VisitAsync(desk, store, LedgerWitnessState.FirstSeen);

        await desk.RestartAsync(() => desk.RestoreLedger(older));
        // Everything about it is right: only who saw the later state can tell.
        desk.AssertLedgerIsWhole();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        var raised = new TaskCompletionSource();
        visit.Session.LedgerWitnessChanged += (_, _) => raised.TrySetResult();
        LedgerWitness witness = await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());
        await visit.Session.DisposeAsync();
        await visit.EndAsync();

        Assert.Equal(LedgerWitnessState.RolledBack, witness.State);
        Assert.True(witness.IsAlarm && witness.Size < witness.KeptSize, witness.ToString());
        Assert.Equal(witness, visit.Session.LedgerWitness);
        string evidence = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(desk.WitnessDirectory, "alarms"))), Helpdesk.Limit());
        Assert.StartsWith(kept, evidence, StringComparison.Ordinal);
        LedgerEntry alarm = Assert.Single(LedgerReader.Read(store.LedgerDirectory), entry => entry.Type == "witness.alarm");
        Assert.Equal(("RolledBack", kept), ((string?)alarm.Data()["state"], (string?)alarm.Data()["kept"]));
        Assert.Equal(kept, desk.KeptCheckpoint());
        Assert.Single(WitnessStore.ReadReceipts(desk.WitnessDirectory));
        Assert.Single(LedgerReader.Read(store.LedgerDirectory), entry => entry.Type == "receipt.refused");
    }

    [Fact]
    public async Task Ledger_SetBackAndGrownBeyondWhatWasSeen_IsAFork()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        string older = desk.CopyLedger();
        await VisitAsync(desk, store, LedgerWitnessState.FirstSeen);

        await desk.RestartAsync(() => desk.RestoreLedger(older));
        for (int i = 0; i < 40; i++) await desk.Trust.UnlockAsync(desk.Grant.Id, "Mallory", Helpdesk.Limit());
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });

        Assert.Equal(LedgerWitnessState.Forked, (await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit())).State);
    }

    [Fact]
    public async Task Alarm_ForgottenByAPerson_TheNextCheckpointIsTheFirst()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        string older = desk.CopyLedger();
        await VisitAsync(desk, store, LedgerWitnessState.FirstSeen);
        await desk.RestartAsync(() => desk.RestoreLedger(older));
        await VisitAsync(desk, store, LedgerWitnessState.RolledBack);

        Assert.True(await store.ForgetAsync(desk.Grant.HostKey, "Alex Tester", Helpdesk.Limit()));
        Assert.False(await store.ForgetAsync(desk.Grant.HostKey, "Alex Tester", Helpdesk.Limit()));

        await VisitAsync(desk, store, LedgerWitnessState.FirstSeen);
        Assert.Single(LedgerReader.Read(store.LedgerDirectory), entry => entry.Type == "witness.forgotten");
    }

    [Fact]
    public async Task Sessions_OfOneStoreAtOnce_OvertakeEachOtherWithoutAlarm()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        await using WitnessStore otherProcess = desk.OpenWitness();
        using var turn = new SemaphoreSlim(1);
        for (int round = 0; round < 3; round++)
        {
            Visit[] visits = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
            {
                // One attempt at a time is all that a grant allows.
                await turn.WaitAsync(Helpdesk.Limit());
                Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = i % 2 == 0 ? store : otherProcess });
                turn.Release();
                return visit;
            }))];
            LedgerWitness[] found = await Task.WhenAll(visits.Select(visit => visit.Session.LedgerWitnessed)).WaitAsync(Helpdesk.Limit());
            Assert.All(found, witness => Assert.True(witness.State is LedgerWitnessState.FirstSeen or LedgerWitnessState.Consistent, witness.ToString()));
            await Task.WhenAll(visits.Select(visit => visit.Session.DisposeAsync().AsTask()));
            Assert.All(visits, visit => Assert.False(visit.Session.LedgerWitness.IsAlarm));
        }

        Assert.Equal(12, WitnessStore.ReadReceipts(desk.WitnessDirectory).Count);
    }

    [Fact]
    public async Task Checkpoint_OnceAMinute_IsSentWhenThereIsANewerOne()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        await using WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await Eventually.Is(() => desk.History("witness.received").Count == 1, "the technician's checkpoint is kept");
        long before = visit.Session.LedgerWitness.Size;

        // The witness entry itself is signed when the minute is over, by the ledger's own thread, and sent with the next.
        SessionPapers papers = Assert.Single(desk.Trust.Gate.Sessions).Papers;
        long signed = papers.LatestCheckpoint!.Size;
        CancellationToken limit = Helpdesk.Limit();
        while (papers.LatestCheckpoint.Size == signed) await PassAsync(1);
        await PassAsync(13);

        await Eventually.Is(() => LedgerReader.Read(store.LedgerDirectory).Any(entry => entry.Type == "witness.received"), "a second checkpoint is kept");
        await visit.Session.DisposeAsync();
        Assert.True(visit.Session.LedgerWitness.Size > before);

        async Task PassAsync(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                time.Advance(TimeSpan.FromSeconds(5));
                await visit.Session.PingAsync(limit);
            }
        }
    }

    private static async Task<string> VisitAsync(Helpdesk desk, WitnessStore store, LedgerWitnessState expected)
    {
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        Assert.Equal(expected, (await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit())).State);
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        return desk.KeptCheckpoint();
    }
}
