using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician records a session; the customer sees it and can end it.</summary>
public sealed class RecordingTests
{
    private const Operations Wanted = Operations.ViewScreen | Operations.ControlInput | Operations.RecordSession;

    [Fact]
    public async Task Record_SessionWithChanges_PlaysWhatTheViewerSawAndTheLedgerHasTheHash()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        desk.DrawNoise(new Random(1), new PixelRect(0, 0, 640, 400));
        await sight.UntilAsync(_ => sight.Shows(desk.Desktop));
        uint unrecorded = (uint)sight.Picture.Sequence;
        using var file = new MemoryStream();
        await visit.Session.Recording.StartAsync(file, TestContext.Current.CancellationToken);
        Assert.True(visit.Session.Recording.IsRecording);
        Assert.True(Assert.Single(desk.Trust.Gate.Sessions).Describe().IsRecording);
        Assert.Single(desk.History("recording.started"));
        // Nothing changes, and yet the file begins with the whole picture.
        await sight.UntilAsync(update => update.Sequence > unrecorded);
        var seen = new Dictionary<long, string> { [sight.Picture.Sequence] = Hash(sight.Picture) };
        var film = new Film(7);
        for (int i = 0; i < 12; i++)
        {
            film.Show(desk.Desktop, new PixelRect(100, 50, 200, 160));
            desk.DrawNoise(new Random(i), new PixelRect(8 * i, 300, 64, 40));
            seen[(await sight.NextFrameAsync()).Sequence] = Hash(sight.Picture);
        }

        RecordedFile recorded = await visit.Session.Recording.StopAsync(Helpdesk.Limit());

        Assert.False(visit.Session.Recording.IsRecording);
        Assert.Equal((file.Length, RefusalReason.None, true), (recorded.Bytes, recorded.Reason, recorded.IsInLedger));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file.ToArray())), Convert.ToHexStringLower(recorded.Sha256.Span));
        Assert.False(Assert.Single(desk.Trust.Gate.Sessions).Describe().IsRecording);
        LedgerEntry stopped = Assert.Single(desk.History("recording.stopped"));
        Assert.Equal((Convert.ToHexStringLower(recorded.Sha256.Span), file.Length, "Stopped"), ((string?)stopped.Data()["sha256"], (long?)stopped.Data()["bytes"], (string?)stopped.Data()["reason"]));

        using RecordingReader reader = Open(file.ToArray());
        Assert.Equal((visit.Session.Id, Convert.ToHexStringLower(desk.Grant.Id.Span)), (reader.Info.SessionId, reader.Info.GrantId));
        var played = new Dictionary<long, string>();
        while (reader.TryRead()) played[reader.Update.Sequence] = Hash(reader.Update);
        Assert.True(reader.IsComplete);
        Assert.Equal(RefusalReason.None, reader.EndReason);
        Assert.Equal(desk.Desktop.Layout.Size, reader.Update.Layout.Size);
        Assert.NotEmpty(reader.Update.Layout.Monitors);
        Assert.NotNull(reader.Update.Cursor.Shape);
        Assert.All(seen, one => Assert.Equal(one.Value, played[one.Key]));
        Assert.All(played.Keys, sequence => Assert.True(sequence > unrecorded));
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Record_WithdrawnMidway_StopsWritingAndBothSidesSaySo()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        using var file = new MemoryStream();
        await visit.Session.Recording.StartAsync(file, TestContext.Current.CancellationToken);
        await sight.NextFrameAsync();
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);

        await live.WithdrawAsync(Operations.RecordSession, "Erika", Helpdesk.Limit());
        RecordedFile recorded = await visit.Session.Recording.Ended.WaitAsync(Helpdesk.Limit());

        Assert.Equal((RefusalReason.Withdrawn, true), (recorded.Reason, recorded.IsInLedger));
        Assert.False(live.Describe().IsRecording);
        LedgerEntry stopped = Assert.Single(desk.History("recording.stopped"));
        Assert.Equal(("Withdrawn", Convert.ToHexStringLower(recorded.Sha256.Span)), ((string?)stopped.Data()["reason"], (string?)stopped.Data()["sha256"]));
        // The picture goes on, and the file does not.
        long length = file.Length;
        desk.DrawNoise(new Random(3), new PixelRect(0, 0, 320, 200));
        await sight.UntilAsync(_ => sight.Shows(desk.Desktop));
        Assert.Equal(length, file.Length);
        using RecordingReader reader = Open(file.ToArray());
        while (reader.TryRead()) Assert.Equal(desk.Desktop.Layout.Size, reader.Update.Size);
        Assert.Equal((true, RefusalReason.Withdrawn), (reader.IsComplete, reader.EndReason));
        AccessRefusedException again = await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit()));
        Assert.Equal(RefusalReason.Withdrawn, again.Reason);
        // Given back, it may begin anew.
        await live.RestoreAsync(Operations.RecordSession, "Erika", Helpdesk.Limit());
        await visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit());
    }

    [Fact]
    public async Task Record_NotPermitted_IsRefusedAndRecordedAsSuch()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit()));
        Assert.Equal(RefusalReason.OperationNotGranted, refusal.Reason);
        string path = Path.Combine(desk.State, "..", "refused.recording");
        await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Recording.StartAsync(path, Helpdesk.Limit()));
        Assert.False(File.Exists(path));
        Assert.Equal("recording", (string?)desk.History("operation.refused")[0].Data()["subject"]);
        Assert.Empty(desk.History("recording.started"));

        // The operation alone is not enough: the grant's rule says never, which is what a policy says that says nothing.
        await using Helpdesk never = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Wanted });
        Visit other = await ConnectAsync(never);
        Assert.Equal(Operations.ViewScreen | Operations.ControlInput, other.Session.Operations);
        await Assert.ThrowsAsync<AccessRefusedException>(() => other.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit()));
        Assert.Empty(never.History("recording.started"));
    }

    [Fact]
    public async Task Record_ComputersPolicySaysNeverMeanwhile_EndsTheSession()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        Assert.True(visit.Session.Operations.HasFlag(Operations.RecordSession));
        string policy = Path.Combine(desk.State, "policy.json");
        await File.WriteAllTextAsync(policy, "{\"version\":1,\"recording\":\"never\"}", Helpdesk.Limit());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(policy, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(RefusalReason.OperationNotGranted, (await visit.EndAsync()).Reason);
        Assert.Equal(Wanted & ~Operations.RecordSession, (await ConnectAsync(desk)).Session.Operations);
    }

    [Fact]
    public async Task Record_TwoAtOnceOrTooMany_AreBusy()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit());
        await Assert.ThrowsAsync<InvalidOperationException>(() => visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit()));
        await visit.DisposeAsync();
        await visit.EndAsync();

        await using RawTechnician raw = await RawTechnician.ConnectAsync(desk, Wanted);
        await raw.SendAsync(new ControlMessage { StopRecording = new StopRecording() });
        Assert.Equal(RefusalReason.NotAvailable, await AnswerAsync(raw));
        for (int i = 0; i < RecordingExchange.MostRecordings; i++)
        {
            await raw.SendAsync(new ControlMessage { StartRecording = new StartRecording() });
            Assert.Equal(RefusalReason.None, await AnswerAsync(raw));
            await raw.SendAsync(new ControlMessage { StartRecording = new StartRecording() });
            Assert.Equal(RefusalReason.Busy, await AnswerAsync(raw));
            await raw.SendAsync(new ControlMessage { StopRecording = new StopRecording() });
            Assert.Equal(RefusalReason.None, await AnswerAsync(raw));
        }
        await raw.SendAsync(new ControlMessage { StartRecording = new StartRecording() });
        Assert.Equal(RefusalReason.Busy, await AnswerAsync(raw));
        Assert.Equal(1 + RecordingExchange.MostRecordings, desk.History("recording.stopped").Count);
        Assert.Null(desk.History("recording.stopped")[^1].Data()["sha256"]);
        await raw.SendAsync(new ControlMessage { StopRecording = new StopRecording { Sha256 = ByteString.CopyFrom(new byte[31]) } });
        await raw.Serving.WaitAsync(Helpdesk.Limit());
        Assert.Contains("Malformed", (string?)desk.History("session.ended")[^1].Data()["text"], StringComparison.Ordinal);
    }

    /// <summary>A program that does not stop although it was told to cannot be made to; but it can be thrown out, and until then the customer goes on seeing the mark.</summary>
    [Fact]
    public async Task Withdraw_NobodyConfirms_TheMarkStaysAndTheSessionEnds()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(Setup() with { Time = time });
        await using RawTechnician raw = await RawTechnician.ConnectAsync(desk, Wanted);
        await raw.SendAsync(new ControlMessage { StartRecording = new StartRecording() });
        Assert.Equal(RefusalReason.None, await AnswerAsync(raw));
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);

        await live.WithdrawAsync(Operations.RecordSession, "Erika", Helpdesk.Limit());
        ControlMessage told = await raw.ControlAsync();
        Assert.Equal((uint)RefusalReason.Withdrawn, told.RecordingOver.Reason);
        Assert.True(live.Describe().IsRecording);
        await Eventually.Is(() => { time.Advance(TimeSpan.FromMilliseconds(500)); return live.EndReason != RefusalReason.None; }, "the session ends");

        Assert.Equal(RefusalReason.Withdrawn, live.EndReason);
        await Eventually.Is(() => { time.Advance(TimeSpan.FromMilliseconds(500)); return raw.Serving.IsCompleted; }, "the agent is through with it");
        IReadOnlyList<LedgerEntry> history = [.. desk.Trust.ReadHistory()];
        Assert.Null(Assert.Single(history, entry => entry.Type == "recording.stopped").Data()["sha256"]);
        Assert.Contains(history.TakeWhile(entry => entry.Type != "session.ended"), entry => entry.Type == "recording.stopped");
    }

    [Fact]
    public async Task Session_EndsWhileRecorded_TheFileIsWholeAndTheLedgerKnowsItWhenTheTechnicianLeft()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit leaving = await ConnectAsync(desk);
        using var first = new MemoryStream();
        await leaving.Session.Recording.StartAsync(first, Helpdesk.Limit());
        await leaving.DisposeAsync();
        RecordedFile left = await leaving.Session.Recording.Ended;
        Assert.True(left.IsInLedger);
        Assert.Equal(first.Length, left.Bytes);
        await leaving.EndAsync();

        Visit stopped = await ConnectAsync(desk);
        await using Sight sight = stopped.Watch();
        await sight.NextAsync();
        using var second = new MemoryStream();
        await stopped.Session.Recording.StartAsync(second, Helpdesk.Limit());
        await sight.NextFrameAsync();
        await desk.Trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Helpdesk.Limit());
        RecordedFile cut = await stopped.Session.Recording.Ended.WaitAsync(Helpdesk.Limit());
        Assert.Equal((RefusalReason.Blocked, false), (cut.Reason, cut.IsInLedger));
        await stopped.EndAsync();
        using RecordingReader reader = Open(second.ToArray());
        while (reader.TryRead()) Assert.Equal(desk.Desktop.Layout.Size, reader.Update.Size);
        Assert.Equal((true, RefusalReason.Blocked), (reader.IsComplete, reader.EndReason));
        Assert.Equal("Blocked", (string?)desk.History("recording.stopped")[^1].Data()["reason"]);
    }

    [Fact]
    public async Task File_ThatCannotBeWritten_EndsTheRecordingAndNotTheSession()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        await visit.Session.Recording.StartAsync(new MemoryStream(new byte[200]), Helpdesk.Limit());
        await Assert.ThrowsAnyAsync<NotSupportedException>(() => visit.Session.Recording.Ended.WaitAsync(Helpdesk.Limit()));
        Assert.False(visit.Session.Recording.IsRecording);
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.False(Assert.Single(desk.Trust.Gate.Sessions).Describe().IsRecording);
        Assert.Null(Assert.Single(desk.History("recording.stopped")).Data()["sha256"]);
    }

    [Fact]
    public async Task Read_CutAnywhere_PlaysUpToTheCut()
    {
        byte[] whole = await RecordAsync();
        int frames = Play(whole).Frames;
        Assert.True(frames > 3);
        var random = new Random(5);
        int most = 0;
        for (int i = 0; i < 200; i++)
        {
            int length = random.Next(RecordingFormat.HeaderLength, whole.Length);
            (int played, bool isComplete) = Play(whole[..length]);
            Assert.False(isComplete);
            Assert.InRange(played, 0, frames);
            most = Math.Max(most, played);
        }
        Assert.True(most > 1);
        for (int length = 0; length < RecordingFormat.HeaderLength; length++) Assert.Throws<InvalidDataException>(() => Open(whole[..length]));
    }

    [Fact]
    public async Task Read_ChangedAnywhere_IsNeverTakenForWhole()
    {
        byte[] whole = await RecordAsync();
        var random = new Random(6);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = [.. whole];
            int times = random.Next(1, 4);
            for (int j = 0; j < times; j++) changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
            if (changed.AsSpan().SequenceEqual(whole)) continue;
            try
            {
                Assert.False(Play(changed).IsComplete);
            }
            catch (InvalidDataException)
            {
                continue;
            }
        }
        Assert.Throws<InvalidDataException>(() => Play([.. whole, 0]));
    }

    [Fact]
    public void Read_LengthOfALie_TakesNoMemoryForBytesThatDoNotCome()
    {
        byte[] file = [.. Header(), .. RecordingFormat.WriteRecord(RecordKind.Picture, default, new byte[10])];
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(RecordingFormat.HeaderLength), RecordingFormat.RecordHead + RecordingFormat.MaxPayload);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal((0, false), Play(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(RecordingFormat.HeaderLength), uint.MaxValue);
        Assert.Throws<InvalidDataException>(() => Play(file));
    }

    private static byte[] Header() => RecordingFormat.WriteHeader(new byte[16], new byte[32], new byte[16], DateTimeOffset.UnixEpoch);

    private static HelpdeskSetup Setup() => new() { Operations = Wanted, IsBlank = false, Policy = new GrantPolicy { Recording = RecordingRule.Allowed } };

    private static Task<Helpdesk> OpenAsync() => Helpdesk.OpenAsync(Setup());

    private static Task<Visit> ConnectAsync(Helpdesk desk) => desk.ConnectAsync(new ConnectOptions { Operations = Wanted });

    private static RecordingReader Open(byte[] file) => new(new MemoryStream(file));

    private static string Hash(PictureUpdate update) => Convert.ToHexStringLower(SHA256.HashData(update.Pixels));

    private static (int Frames, bool IsComplete) Play(byte[] file)
    {
        using RecordingReader reader = Open(file);
        int frames = 0;
        while (reader.TryRead()) frames++;
        return (frames, reader.IsComplete);
    }

    private static async Task<byte[]> RecordAsync()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        using var file = new MemoryStream();
        await visit.Session.Recording.StartAsync(file, Helpdesk.Limit());
        for (int i = 0; i < 6; i++)
        {
            desk.DrawNoise(new Random(i), new PixelRect(16 * i, 16 * i, 48, 32));
            await sight.NextFrameAsync();
        }
        await visit.Session.Recording.StopAsync(Helpdesk.Limit());
        return file.ToArray();
    }

    private static async Task<RefusalReason> AnswerAsync(RawTechnician raw)
    {
        ControlMessage message = await raw.ControlAsync();
        Assert.Equal(ControlMessage.KindOneofCase.RecordingAnswer, message.KindCase);
        return (RefusalReason)message.RecordingAnswer.Reason;
    }
}
