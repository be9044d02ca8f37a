using System.Diagnostics;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a tool says of its own end stands before the session's in the ledger, whoever ended that.</summary>
public sealed class ToolEndTests
{
    private const Operations All = Operations.ViewScreen | Operations.TransferFiles | Operations.Chat | Operations.Clipboard | Operations.RunCommands | Operations.RecordSession | Operations.SystemInfo;

    /// <summary>Where order is what is tested, a busy machine has time.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Ways => ["stopped", "blocked", "revoked", "expired", "hung up"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task EveryTool_SessionEnds_ItsEndStandsBeforeTheSessions(string how)
    {
        for (int round = 0; round < 10; round++)
        {
            await using FileRoom room = await FileRoom.OpenAsync(setup: setup => setup with { Operations = All, LastWords = Patient, Chat = new ScriptedChat(), Policy = new GrantPolicy { Recording = RecordingRule.Allowed } });
            Helpdesk desk = room.Desk;
            Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = All });
            RemoteCommand command = await visit.Session.Commands.RunAsync(new CommandRequest { Program = "sh", Arguments = ["-c", "(trap '' TERM; sleep 4712) & echo ready; sleep 4712"] }, Helpdesk.Limit());
            await foreach (CommandOutput _ in command.ReadOutputAsync(Helpdesk.Limit())) break;
            var held = new HeldStream(10_000_000, 4_000_000);
            Task sending = visit.Session.Files.UploadAsync((await FileRoom.FindAsync(visit, "Inbox")).Id, "half.bin", held, cancellationToken: Helpdesk.Limit());
            await held.Reached.WaitAsync(Helpdesk.Limit());
            await using Sight sight = visit.Watch();
            await sight.NextAsync();
            await visit.Session.Recording.StartAsync(new MemoryStream(), Helpdesk.Limit());
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync($"text {i}", Helpdesk.Limit()));
                Assert.Equal(RefusalReason.None, await visit.Session.Clipboard.SetAsync($"copied {i}", Helpdesk.Limit()));
            }

            TimeSpan began = OwnTime.Now;
            await (how switch
            {
                "stopped" => desk.Trust.StopSessionsAsync("Erika", Helpdesk.Limit()).AsTask(),
                "blocked" => desk.Trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Helpdesk.Limit()).AsTask(),
                "revoked" => desk.Trust.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit()).AsTask(),
                "expired" => Assert.Single(desk.Trust.Gate.Sessions).EndAsync(RefusalReason.Expired, "", Helpdesk.Limit()).AsTask(),
                _ => visit.Session.DisposeAsync().AsTask(),
            });
            if (how != "hung up") Assert.InRange(OwnTime.Now - began, TimeSpan.Zero, SessionTools.LastWords + TimeSpan.FromSeconds(2));
            await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(Helpdesk.Limit()));
            await visit.Serving.WaitAsync(Helpdesk.Limit());

            string[] types = [.. desk.Trust.ReadHistory().Select(entry => entry.Type)];
            int end = Array.IndexOf(types, "session.ended");
            foreach (string type in (string[])["command.ended", "file.ended", "recording.stopped"]) Assert.Equal(1, types.Take(end).Count(one => one == type));
            Assert.Equal((3, 3), (Sum("chat.exchanged"), Sum("clipboard.exchanged")));
            Assert.DoesNotContain(types.Skip(end), type => type.Split('.')[0] is "command" or "file" or "recording" or "chat" or "clipboard" or "operation" or "system-info");
            desk.AssertLedgerIsWhole();

            int Sum(string type) => desk.Trust.ReadHistory().Take(end).Where(entry => entry.Type == type).Sum(entry => (int?)entry.Data()["toComputer"] ?? 0);
        }
    }

    [Fact]
    public async Task Tool_DoesNotEnd_SessionWaitsASecondAndNothingIsLost()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = All });
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = All });
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);
        IDisposable hanging = live.Tools.Begin(Operations.RunCommands);
        OperationPermit permit = await live.PermitAsync(Operations.RunCommands, Helpdesk.Limit());

        long began = Stopwatch.GetTimestamp();
        TimeSpan own = OwnTime.Now, dead = TimeSpan.MaxValue;
        int endsThen = -1;
        using CancellationTokenRegistration dying = permit.Withdrawn.Register(() => (dead, endsThen) = (OwnTime.Now - own, desk.History("session.ended").Count));
        await desk.Trust.StopSessionsAsync("Erika", Helpdesk.Limit());
        Assert.True(Stopwatch.GetElapsedTime(began) >= SessionTools.LastWords * 0.9);
        Assert.InRange(OwnTime.Now - own, TimeSpan.Zero, SessionTools.LastWords + TimeSpan.FromSeconds(2));
        // The permit at once, and not only when the waiting is over.
        Assert.InRange(dead, TimeSpan.Zero, SessionTools.LastWords / 2);
        Assert.Equal(0, endsThen);
        Assert.Equal(RefusalReason.Stopped, Assert.Throws<AccessRefusedException>(() => permit.Demand()).Reason);
        Assert.Single(desk.History("session.ended"));
        // Late, and not lost; and nothing begins behind the end.
        await live.Tools.RecordCommandAsync(1, new CommandResult("Stopped", null, TimeSpan.FromSeconds(1), 0, 0));
        hanging.Dispose();
        hanging.Dispose();
        Assert.Equal("command.ended", desk.Trust.ReadHistory().Last(entry => entry.Type is "command.ended" or "session.ended").Type);
        Assert.Equal(RefusalReason.Stopped, Assert.Throws<AccessRefusedException>(() => live.Tools.Begin(Operations.TransferFiles)).Reason);
        await Assert.ThrowsAsync<AccessRefusedException>(() => live.Tools.ChatTexts.AddAsync(true, 1).AsTask());
        await Assert.ThrowsAsync<AccessRefusedException>(() => live.Tools.RecordSystemInfoAsync().AsTask());
        await Assert.ThrowsAsync<AccessRefusedException>(() => live.Tools.Recording.BeginAsync(Helpdesk.Limit()).AsTask());
        await visit.EndAsync();
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Tools_OfThreeSessionsDoNotEnd_NoneWaitsForAnother()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = All });
        for (int i = 0; i < 3; i++) await desk.ConnectAsync(new ConnectOptions { Operations = All });
        LiveSession[] sessions = [.. desk.Trust.Gate.Sessions];
        OperationPermit[] permits = [.. await Task.WhenAll(sessions.Select(live => live.PermitAsync(Operations.ViewScreen, Helpdesk.Limit()).AsTask()))];
        IDisposable[] hanging = [.. sessions.Select(live => live.Tools.Begin(Operations.RunCommands))];

        long began = Stopwatch.GetTimestamp();
        TimeSpan own = OwnTime.Now;
        Task ending = desk.Trust.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit()).AsTask();
        await Eventually.Is(() => permits.All(permit => permit.WhyDead == RefusalReason.Revoked), "all permits are dead");
        Assert.InRange(OwnTime.Now - own, TimeSpan.Zero, SessionTools.LastWords / 2);
        await ending;
        Assert.True(Stopwatch.GetElapsedTime(began) >= SessionTools.LastWords * 0.9);
        Assert.InRange(OwnTime.Now - own, TimeSpan.Zero, SessionTools.LastWords * 2);
        Assert.Equal(3, desk.History("session.ended").Count);
        foreach (IDisposable one in hanging) one.Dispose();
    }
}
