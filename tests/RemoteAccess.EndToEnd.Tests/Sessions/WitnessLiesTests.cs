using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician's program and a computer that do not keep to the exchange of checkpoints, receipts and notes.</summary>
public sealed class WitnessLiesTests
{
    [Fact]
    public async Task Technician_MalformedOrForeignCheckpoint_IsRefusedRecordedAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        using EcdsaSigningKey other = EcdsaSigningKey.Create();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        byte[] foreign = Checkpoint(other, 7), own = Checkpoint(desk.Tenant.TechnicianKey, 7), altered = [.. own];
        altered[^10] ^= 1;
        byte[][] bad = [[], [1, 2, 3], foreign, altered, [.. own, .. own], [.. own, 10], own[..^1], new byte[8192]];
        foreach (byte[] note in bad)
        {
            await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(note) } });
            Assert.Equal((uint)RefusalReason.OperationNotGranted, (await technician.RefusedAsync()).Reason);
        }

        await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(own) } });
        Assert.Empty(await technician.DrainAsync(1));
        Assert.Equal(Encoding.UTF8.GetString(own), (string?)Assert.Single(desk.History("witness.received")).Data()["note"]);
        Assert.Equal("malformed checkpoint", (string?)Assert.Single(desk.History("operation.refused")).Data()["subject"]);
    }

    [Fact]
    public async Task Technician_FloodOfCheckpoints_IsOneAMinuteInTheLedger()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        for (int size = 1; size <= 300; size++) await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(Checkpoint(desk.Tenant.TechnicianKey, size)) } });
        await technician.DrainAsync(1);
        Assert.Single(desk.History("witness.received"));
        for (int i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await technician.DrainAsync(2);
        }

        await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(Checkpoint(desk.Tenant.TechnicianKey, 1)) } });
        await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(Checkpoint(desk.Tenant.TechnicianKey, 500)) } });
        await technician.DrainAsync(3);
        Assert.Equal(2, desk.History("witness.received").Count);
        Assert.Equal(["checkpoint too soon", "checkpoint that is not newer"], desk.History("operation.refused").Select(entry => (string?)entry.Data()["subject"]));
    }

    [Fact]
    public async Task Technician_FloodOfProofRequests_IsAnsweredWithinBoundsAndImpossibleOnesRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = new FakeTime() });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(Ask(2, 1));
        await technician.RefusedAsync();
        await technician.SendAsync(Ask(1, ulong.MaxValue));
        await technician.RefusedAsync();
        for (int i = 0; i < 200; i++)
        {
            await technician.SendAsync(Ask(1, 2));
            // Whoever has an answer may ask again at once, up to the bound.
            Assert.Equal(i < 8 ? ControlMessage.KindOneofCase.Proven : ControlMessage.KindOneofCase.Refused, (await technician.ControlAsync()).KindCase);
        }

        Assert.Equal(["impossible proof request", "proof request too soon"], desk.History("operation.refused").Select(entry => (string?)entry.Data()["subject"]));
    }

    [Fact]
    public async Task Technician_AsksForMoreThanThereIs_GetsNoHashes()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(Ask(1, 1000));
        WitnessProof none = (await technician.ControlAsync()).Proven;
        await technician.SendAsync(Ask(1, 2));
        WitnessProof one = (await technician.ControlAsync()).Proven;
        Assert.Equal((1ul, 1000ul, 0), (none.FromSize, none.ToSize, none.Hashes.Length));
        Assert.Equal((1ul, 2ul, 32), (one.FromSize, one.ToSize, one.Hashes.Length));
    }

    [Theory]
    [InlineData("no signature")]
    [InlineData("a wrong signature")]
    [InlineData("the computer's signature")]
    [InlineData("nothing")]
    public async Task Technician_DoesNotSignTheReceipt_TheSessionEndsInTimeWithoutOne(string answer)
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(Checkpoint(desk.Tenant.TechnicianKey, 3)) } });
        await technician.SendAsync(new ControlMessage { Ending = new SessionEnding() });
        ControlMessage message = await technician.ControlAsync();
        Assert.Equal(ControlMessage.KindOneofCase.Ending, message.KindCase);
        Receipt proposal = (await technician.ControlAsync()).Receipt;
        Assert.True(ReceiptBody.IsSigned(proposal.Receipt_.Span, desk.Grant.HostKey.Span, proposal.Signature.Span));
        // The end itself waits for nobody.
        Assert.Single(desk.History("session.ended"));
        Receipt? sent = answer switch
        {
            "no signature" => new Receipt(),
            "a wrong signature" => new Receipt { Signature = ByteString.CopyFrom(new byte[64]) },
            "the computer's signature" => new Receipt { Signature = proposal.Signature },
            _ => null,
        };
        if (sent is not null) await technician.SendAsync(new ControlMessage { Receipt = sent });
        // Far beyond every time that runs by now, as on a computer that was busy: the close that follows has one of its own.
        else time.Advance(TimeSpan.FromSeconds(10));
        while (!(await technician.Messages.ReceiveAsync(Helpdesk.Limit())).IsEnd) Assert.Single(desk.History("session.ended"));
        await technician.Messages.CloseAsync(Helpdesk.Limit());
        await technician.Serving.WaitAsync(Helpdesk.Limit());
        Assert.Empty(desk.History("session.receipt"));
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Technician_LeavesWhileItsProofIsMade_GetsItAndThenTheReceipt()
    {
        const int Entries = 80_000;
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = new FakeTime() });
        // A proof reads the whole ledger: of this one it takes longer than the session's end.
        var filling = new LedgerEvent { Type = "test.filling", Actor = new JsonObject { ["kind"] = "test" }, Data = [] };
        await Task.WhenAll(Enumerable.Range(0, Entries).Select(_ => desk.Trust.Ledger.AppendAsync(filling, Helpdesk.Limit()).AsTask()));
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFrom(Checkpoint(desk.Tenant.TechnicianKey, 3)) } });
        await technician.SendAsync(Ask(1, Entries));
        await technician.SendAsync(new ControlMessage { Ending = new SessionEnding() });

        List<ControlMessage.KindOneofCase> came = [];
        while (came.LastOrDefault() != ControlMessage.KindOneofCase.Receipt) came.Add((await technician.ControlAsync()).KindCase);
        Assert.Equal([ControlMessage.KindOneofCase.Ending, ControlMessage.KindOneofCase.Receipt, ControlMessage.KindOneofCase.Proven], came.Order());
    }

    [Fact]
    public async Task Technician_ReceiptInMidSession_IsRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        await technician.SendAsync(new ControlMessage { Receipt = new Receipt() });
        await technician.RefusedAsync();
        await technician.SendAsync(new ControlMessage { Proven = new WitnessProof() });
        await technician.RefusedAsync();
        Assert.Empty(await technician.DrainAsync(1));
    }

    public static TheoryData<string> HostLies => [.. Lying.Keys];

    private static Dictionary<string, Func<Helpdesk, RawAgent, ValueTask>> Lying { get; } = new()
    {
        ["a note that is none"] = (_, agent) => agent.SendAsync(Note([1, 2, 3])),
        ["a note of 16 KiB"] = (_, agent) => agent.SendAsync(Note(new byte[16_000])),
        ["a note signed by the technician"] = (desk, agent) => agent.SendAsync(Note(Checkpoint(desk.Tenant.TechnicianKey, 5))),
        ["two notes in one"] = (desk, agent) => agent.SendAsync(Note([.. Checkpoint(desk.Trust.SigningKey, 5), .. Checkpoint(desk.Trust.SigningKey, 6)])),
        ["an older note after a newer"] = async (desk, agent) =>
        {
            await agent.SendAsync(Note(Checkpoint(desk.Trust.SigningKey, 5)));
            await agent.SendAsync(Note(Checkpoint(desk.Trust.SigningKey, 4)));
        },
        ["a proof nobody asked for"] = (_, agent) => agent.SendAsync(new ControlMessage { Proven = new WitnessProof { FromSize = 1, ToSize = 2 } }),
        ["a flood of notes"] = async (desk, agent) =>
        {
            for (int size = 1; size <= 6; size++) await agent.SendAsync(Note(Checkpoint(desk.Trust.SigningKey, size)));
        },
    };

    [Theory]
    [MemberData(nameof(HostLies))]
    public async Task Computer_ThatLiesToTheWitness_EndsTheSessionAndNothingElse(string lie)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = new FakeTime() });
        await using WitnessStore store = desk.OpenWitness();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk, new ConnectOptions { Witness = store });
        RemoteSession session = await agent.AcceptAsync();
        await Lying[lie](desk, agent);
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
        Assert.Equal(SessionEndKind.ProtocolViolation, end.Kind);
        Assert.InRange(LedgerReader.Read(store.LedgerDirectory).Count(), 0, 8);
    }

    [Theory]
    [InlineData("another proof", LedgerWitnessState.Forked)]
    [InlineData("no proof", LedgerWitnessState.NotProven)]
    [InlineData("another root at the same size", LedgerWitnessState.Forked)]
    public async Task Computer_ThatCannotProve_IsFoundOut(string lie, LedgerWitnessState expected)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        using (var notes = new CheckpointNote(desk.Grant.HostKey.Span)) Assert.True(store.TryAdvance(notes, null, Read(notes, Checkpoint(desk.Trust.SigningKey, 5))));
        await using RawAgent agent = await RawAgent.AnswerAsync(desk, new ConnectOptions { Witness = store });
        RemoteSession session = await agent.AcceptAsync();
        bool sameSize = lie == "another root at the same size";
        await agent.SendAsync(Note(Checkpoint(desk.Trust.SigningKey, sameSize ? 5 : 9, root: 1)));
        if (!sameSize)
        {
            WitnessProofRequest asked = (await agent.ControlAsync(ControlMessage.KindOneofCase.Prove)).Prove;
            Assert.Equal((5ul, 9ul), (asked.FromSize, asked.ToSize));
            var proof = new WitnessProof { FromSize = 5, ToSize = 9, Hashes = ByteString.CopyFrom(new byte[lie == "no proof" ? 0 : 96]) };
            await agent.SendAsync(new ControlMessage { Proven = proof });
        }

        LedgerWitness witness = await session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        Assert.Equal(expected, witness.State);
        Assert.Equal(Encoding.UTF8.GetString(Checkpoint(desk.Trust.SigningKey, 5))[..120], desk.KeptCheckpoint()[..120]);
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("another session", false)]
    [InlineData("another grant", false)]
    [InlineData("an hour more", false)]
    [InlineData("an hour later", false)]
    [InlineData("operations that were not given", false)]
    [InlineData("another technician's root", false)]
    [InlineData("a root that was not sent", false)]
    [InlineData("the technician's signature", false)]
    public async Task Computer_ProposesAReceipt_OnlyARightOneIsSigned(string lie, bool isSigned)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = new FakeTime() });
        await using WitnessStore store = desk.OpenWitness();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk, new ConnectOptions { Witness = store });
        RemoteSession session = await agent.AcceptAsync();
        byte[] note = Checkpoint(desk.Trust.SigningKey, 5);
        await agent.SendAsync(Note(note));
        using var notes = new CheckpointNote(desk.Grant.HostKey.Span);
        using var theirs = new CheckpointNote(desk.Tenant.TechnicianKey.PublicKey);
        LedgerCheckpoint own = Read(notes, note), technician = Read(theirs, (await agent.ControlAsync(ControlMessage.KindOneofCase.Witness)).Witness.Note.ToByteArray());
        DateTimeOffset now = desk.Time.GetUtcNow(), began = lie == "an hour later" ? now.AddHours(1) : now;
        byte[] receipt = new ReceiptBody
        {
            SessionId = lie == "another session" ? new byte[16] : Convert.FromHexString(session.Id),
            GrantId = lie == "another grant" ? new byte[16] : desk.Grant.Id,
            Began = began,
            Ended = lie == "an hour more" ? began.AddHours(1) : began,
            HostSize = 5,
            HostRoot = lie == "a root that was not sent" ? Enumerable.Repeat((byte)9, 32).ToArray() : own.Root,
            TechnicianSize = technician.Size,
            TechnicianRoot = lie == "another technician's root" ? new byte[32] : technician.Root,
            Used = lie == "operations that were not given" ? Operations.RunCommands : Operations.ViewScreen,
        }.Encode();
        ISigningKey key = lie == "the technician's signature" ? desk.Tenant.TechnicianKey : desk.Trust.SigningKey;
        await agent.SendAsync(new ControlMessage { Receipt = new Receipt { Receipt_ = ByteString.CopyFrom(receipt), Signature = ByteString.CopyFrom(ReceiptBody.Sign(receipt, key)) } });
        Receipt answer = (await agent.ControlAsync(ControlMessage.KindOneofCase.Receipt)).Receipt;

        Assert.Equal(isSigned, ReceiptBody.IsSigned(receipt, desk.Tenant.TechnicianKey.PublicKey, answer.Signature.Span));
        Assert.Equal(isSigned ? 1 : 0, WitnessStore.ReadReceipts(desk.WitnessDirectory).Count);
        Assert.Equal(isSigned ? 0 : 1, LedgerReader.Read(store.LedgerDirectory).Count(entry => entry.Type == "receipt.refused"));
    }

    [Fact]
    public async Task Notes_OfTheTechnician_AreRecordedInOrderAndBadOnesRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        foreach (string bad in (string[])["", " \n", "esc\u001b[2J", "back\u202Ewards", new string('x', 4097)])
            await Assert.ThrowsAsync<ArgumentException>(() => visit.Session.SendNotesAsync(bad));
        string longest = new('x', 4096);
        int[] numbers = await Task.WhenAll(Enumerable.Range(1, 15).Select(i => visit.Session.SendNotesAsync($"Note {i}\nÜber «alles»", Helpdesk.Limit())));
        Assert.Equal(Enumerable.Range(1, 15), numbers);
        Assert.Equal(16, await visit.Session.SendNotesAsync(longest, Helpdesk.Limit()));
        Assert.Equal(RefusalReason.OperationNotGranted, (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.SendNotesAsync("one too many", Helpdesk.Limit()))).Reason);
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        await Assert.ThrowsAsync<ChannelException>(() => visit.Session.SendNotesAsync("too late"));

        IReadOnlyList<LedgerEntry> recorded = desk.History("session.notes");
        Assert.Equal([.. Enumerable.Range(1, 15).Select(i => $"Note {i}\nÜber «alles»"), longest], recorded.Select(entry => (string)entry.Data()["text"]!));
        Assert.All(recorded, entry => Assert.Equal(("technician", "Alex Tester", visit.Session.Id), ((string?)entry.Actor()["kind"], (string?)entry.Actor()["name"], Convert.ToHexStringLower(entry.SessionId.Span))));
        Assert.Contains("Alex Tester noted: \"Note 1 Über «alles»\"", HistoryLine.Describe(recorded[0]), StringComparison.Ordinal);
        Assert.Equal("more notes than a session may leave", (string?)Assert.Single(desk.History("operation.refused")).Data()["subject"]);
        ReportedSession reported = Assert.Single(LedgerReport.Build(desk.Trust.ReadHistory(), ReportPeriod.All(TimeZoneInfo.Utc), desk.Time.GetUtcNow()).Sessions);
        Assert.Equal(16, reported.Notes.Count);
        Assert.False(reported.HasReceipt);
    }

    [Fact]
    public async Task Notes_ThatSteer_OfARawTechnician_AreRefusedAndRecordedAsSuch()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        foreach (string bad in (string[])["", "esc\u001b[2J", new string('x', 4097), "back\u202Ewards"])
        {
            await technician.SendAsync(new ControlMessage { Notes = new SessionNotes { Text = bad } });
            SessionNotes answer = (await technician.ControlAsync()).Notes;
            Assert.Equal((0u, (uint)RefusalReason.OperationNotGranted), (answer.Number, answer.Refusal));
        }

        Assert.Empty(desk.History("session.notes"));
        Assert.Equal("notes that are not plain text", (string?)Assert.Single(desk.History("operation.refused")).Data()["subject"]);
    }

    [Fact]
    public async Task Computer_AnswersNotesNobodySent_EndsTheSession()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using RawAgent agent = await RawAgent.AnswerAsync(desk);
        RemoteSession session = await agent.AcceptAsync();
        await agent.SendAsync(new ControlMessage { Notes = new SessionNotes { Number = 1 } });
        Assert.Equal(SessionEndKind.ProtocolViolation, (await session.Completion.WaitAsync(Helpdesk.Limit())).Kind);
    }

    internal static byte[] Checkpoint(ISigningKey key, int size, byte root = 0)
    {
        using var notes = new CheckpointNote(key.PublicKey);
        return Encoding.UTF8.GetBytes(notes.Sign(size, [.. Enumerable.Repeat(root, 32)], key).Note);
    }

    private static LedgerCheckpoint Read(CheckpointNote notes, byte[] note)
    {
        Assert.True(notes.TryReadOne(note, out LedgerCheckpoint? checkpoint));
        return checkpoint;
    }

    private static ControlMessage Note(byte[] note) => new() { Witness = new Witness { Note = ByteString.CopyFrom(note) } };

    private static ControlMessage Ask(ulong from, ulong to) => new() { Prove = new WitnessProofRequest { FromSize = from, ToSize = to } };
}
