using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// One technician uses every tool of a session at once and never stops trying; then access is taken away, each way. One second later nothing that any tool does changes any more. REMOTEACCESS_TOOL_TAKE_AWAYS=N
/// repeats each way N times; once otherwise.
/// </summary>
[Trait("Category", "Slow")]
public sealed class TakeAwayToolsTests
{
    private const Operations All = Operations.ViewScreen | Operations.ControlInput | Operations.Clipboard | Operations.TransferFiles | Operations.Chat | Operations.RunCommands | Operations.Restart | Operations.SystemInfo | Operations.RecordSession;
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(1), Watched = TimeSpan.FromMilliseconds(500), Soon = TimeSpan.FromMinutes(3);
    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("REMOTEACCESS_TOOL_TAKE_AWAYS") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<TakeAway> Ways => [.. Enum.GetValues<TakeAway>().Where(way => way != TakeAway.Prompt)];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TakeAway_EveryToolBusy_NothingIsExecutedASecondLater(TakeAway way)
    {
        for (int time = 0; time < Times; time++)
        {
            var clock = new SteppingTime();
            await using FileRoom room = await FileRoom.OpenAsync(setup: setup => Made(setup, way, clock, null));
            await using Busy busy = await Busy.BeginAsync(room);

            await TakeAwayAsync(way, room.Desk, clock);

            await OwnTime.PassAsync(Promised, Helpdesk.Limit());
            string[] then = busy.Effects();
            await OwnTime.PassAsync(Watched, Helpdesk.Limit());
            Assert.Equal(then, busy.Effects());
            Assert.Empty(Directory.GetFiles(room.Inbox, "*-part"));
            room.Desk.AssertNothingIsHeld();
        }
    }

    /// <summary>A prompt takes the hands: what would answer it. The other tools go on, and none of them presses anything.</summary>
    [Fact]
    public async Task Prompt_EveryToolBusy_InputStandsStillAndTheRestGoesOn()
    {
        var person = new PatientPerson();
        var clock = new SteppingTime();
        await using FileRoom room = await FileRoom.OpenAsync(setup: setup => Made(setup, TakeAway.Prompt, clock, person));
        await using Busy busy = await Busy.BeginAsync(room);
        ConsentDesk desk = room.Desk.PromptDesk!;
        using var closing = new CancellationTokenSource();
        var request = new ConsentRequest { Kind = ConsentKind.SessionStart, Operations = Operations.ViewScreen, TechnicianName = "Somebody else" };
        Task asking = desk.AskAsync(ConsentPrompt.Create(request, CultureInfo.InvariantCulture, TimeZoneInfo.Utc), "Erika", closing.Token).AsTask();
        await person.Shown.Task.WaitAsync(Helpdesk.Limit());

        await OwnTime.PassAsync(Promised, Helpdesk.Limit());
        string[] then = busy.Effects();
        await Eventually.Is(() => busy.Effects().Zip(then).Count(pair => pair.First != pair.Second) == then.Length - 1, "all but one go on");

        Assert.Equal(then[Busy.Input], busy.Effects()[Busy.Input]);
        await closing.CancelAsync();
        await asking;
        await Eventually.Is(() => busy.Effects()[Busy.Input] != then[Busy.Input], "the hands are back");
    }

    private static HelpdeskSetup Made(HelpdeskSetup setup, TakeAway way, SteppingTime clock, IConsentPrompt? person)
    {
        var policy = new GrantPolicy { Recording = RecordingRule.Allowed };
        if (way == TakeAway.HoursEnd)
        {
            int now = (int)clock.GetUtcNow().TimeOfDay.TotalMinutes, end = (now + 2) % (24 * 60);
            policy = policy with { Hours = new WeeklyHours("UTC", [new HoursWindow(Enum.GetValues<DayOfWeek>(), (now + (12 * 60)) % (24 * 60), end == 0 ? 24 * 60 : end)]) };
        }
        return setup with
        {
            Operations = All, Policy = policy, Time = clock, Person = person, Chat = new Talkative(), GrantLasts = way == TakeAway.Expire ? TimeSpan.FromMinutes(2) : TimeSpan.FromDays(1),
        };
    }

    private static async Task TakeAwayAsync(TakeAway way, Helpdesk desk, SteppingTime clock)
    {
        await using TrustFlow elsewhere = desk.OpenTrust();
        LiveSession live = desk.Trust.Gate.Sessions.Single();
        switch (way)
        {
            case TakeAway.Revoke: Assert.True(await desk.Trust.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit())); break;
            case TakeAway.RevokeElsewhere: Assert.True(await elsewhere.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit())); break;
            case TakeAway.Block: await desk.Trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Helpdesk.Limit()); break;
            case TakeAway.Stop: await desk.Trust.StopSessionsAsync("Erika", Helpdesk.Limit()); break;
            case TakeAway.Withdraw: Assert.True(await desk.Trust.WithdrawAsync(desk.Grant.Id, All, "Erika", Helpdesk.Limit())); break;
            case TakeAway.WithdrawElsewhere: Assert.True(await elsewhere.WithdrawAsync(desk.Grant.Id, All, "Erika", Helpdesk.Limit())); break;
            case TakeAway.WithdrawFromSession:
                // Side by side: each has its second from when it was pressed.
                await Task.WhenAll(Enum.GetValues<Operations>().Where(one => uint.IsPow2((uint)one) && All.HasFlag(one)).Select(one => live.WithdrawAsync(one, "Erika", Helpdesk.Limit()).AsTask()));
                break;
            default: clock.Step(Soon); break;
        }
    }

    /// <summary>Every tool in a loop of its own, for as long as the session lets it, and longer.</summary>
    private sealed class Busy : IAsyncDisposable
    {
        /// <summary>Which of the effects is keyboard and mouse.</summary>
        public const int Input = 0;

        private readonly FileRoom room;
        private readonly Visit visit;
        private readonly CountedPower power;
        private readonly CancellationTokenSource over = new();
        private readonly string beats;
        private readonly List<Task> working = [];
        private RemoteCommand? command;
        private string lastSet = "";
        private long pictures, infos, copied, said, fetched, recorded;

        private Busy(FileRoom room, CountedPower power, Visit visit)
        {
            (this.room, this.power, this.visit) = (room, power, visit);
            beats = Path.Combine(room.Outside, "beats");
            visit.Session.Clipboard.TextCopied += (_, _) => Interlocked.Increment(ref copied);
            visit.Session.Chat.TextReceived += (_, _) => Interlocked.Increment(ref said);
        }

        public static async Task<Busy> BeginAsync(FileRoom room)
        {
            await File.WriteAllBytesAsync(Path.Combine(room.Logs, "setup.log"), new byte[300_000], Helpdesk.Limit());
            var power = new CountedPower();
            room.Desk.Desktop.Power = power;
            var busy = new Busy(room, power, await room.Desk.ConnectAsync(new ConnectOptions { Operations = All }));
            await busy.StartAsync();
            return busy;
        }

        /// <summary>What has come of each tool so far. What a technician's side got is counted where it came, which is later than where it was done.</summary>
        public string[] Effects()
        {
            string[] inbox = [.. Directory.GetFiles(room.Inbox).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {File.GetLastWriteTimeUtc(file).Ticks}")];
            return
            [
                $"moved {room.Desk.Desktop.Cursor}", $"seen {Interlocked.Read(ref pictures)}", $"copied to the computer {Volatile.Read(ref lastSet)}", $"copied to the technician {Interlocked.Read(ref copied)}",
                $"files put {inbox.Length} {inbox.LastOrDefault()}", $"files fetched {Interlocked.Read(ref fetched)}", $"written {((Talkative)room.Desk.Chat!).Read}", $"answered {Interlocked.Read(ref said)}",
                $"command {ReadBeats()}", $"restarts {power.Asked}", $"facts {Interlocked.Read(ref infos)}", $"recorded {Interlocked.Read(ref recorded)}",
            ];
        }

        private string ReadBeats() => File.Exists(beats) ? string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(beats).Length}") : "";

        private async Task StartAsync()
        {
            RemoteSession session = visit.Session;
            CancellationToken token = over.Token;
            long inbox = (await FileRoom.FindAsync(visit, "Inbox")).Id, log = (await FileRoom.FindAsync(visit, "Logs", "setup.log")).Id;
            int number = 0;
            var chance = new Random(4);
            command = await session.Commands.RunAsync(new CommandRequest { Program = "sh", Arguments = ["-c", "trap '' TERM HUP; while :; do echo x >> beats; sleep 0.02; done"], WorkingDirectory = room.Outside }, Helpdesk.Limit());
            working.Add(Task.Run(async () =>
            {
                await UntilRefusedAsync(async () =>
                {
                    await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(cancellationToken: token)) Interlocked.Add(ref pictures, update.Damage.Count);
                }, token);
            }, CancellationToken.None));
            Loop(() => session.Input.MoveAsync(Interlocked.Increment(ref number) % 600, 7, token).AsTask());
            Loop(() => session.Clipboard.SetAsync($"from afar {Interlocked.Increment(ref number)}", token));
            Loop(async () => await session.Clipboard.ListenAsync(true, token));
            Loop(() => session.Files.UploadAsync(inbox, $"file-{Interlocked.Increment(ref number):D9}", new MemoryStream(new byte[200_000]), cancellationToken: token), 50);
            Loop(async () =>
            {
                await session.Files.DownloadAsync(log, new MemoryStream(), cancellationToken: token);
                Interlocked.Increment(ref fetched);
            });
            Loop(() => session.Chat.SendAsync("Are you there?", token), 200);
            Loop(async () =>
            {
                await session.SystemInfo.ReadAsync(token);
                Interlocked.Increment(ref infos);
            }, 100);
            Loop(() => session.Power.RestartAsync(RestartMode.Normal, token), 50);
            Loop(async () =>
            {
                if (!session.Recording.IsRecording) await session.Recording.StartAsync(new CountedStream(() => Interlocked.Increment(ref recorded)), token);
            }, 50);
            // The customer goes on working as well: what they do is not taken away from them, and must not go to the technician.
            Loop(() =>
            {
                VirtualDesktop desktop = room.Desk.Desktop;
                if (desktop.Clipboard.Text is var text && text.StartsWith("from afar", StringComparison.Ordinal)) Volatile.Write(ref lastSet, text);
                desktop.Clipboard.CopyAsCustomer($"mine {Interlocked.Increment(ref number)}");
                room.Desk.DrawNoise(chance, new PixelRect(100, 100, 16, 16));
                return Task.CompletedTask;
            });
            string[] none = Effects();
            for (long began = Stopwatch.GetTimestamp(); ; await Task.Delay(20, Helpdesk.Limit()))
            {
                string[] idle = [.. Effects().Intersect(none)];
                if (idle.Length == 0) return;
                Assert.True(Stopwatch.GetElapsedTime(began) < Eventually.Limit, $"Nothing has come of: {string.Join(", ", idle)}");
            }
        }

        private void Loop(Func<Task> act, int pause = 10) => working.Add(Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await UntilRefusedAsync(act, over.Token);
                await Task.Delay(pause, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }, CancellationToken.None));

        /// <summary>A technician who does not take no for an answer.</summary>
        private static async Task UntilRefusedAsync(Func<Task> act, CancellationToken over)
        {
            try
            {
                await act();
            }
            catch (Exception no) when (no is AccessRefusedException or ChannelException or InvalidOperationException or IOException || over.IsCancellationRequested)
            {
                return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            if (command is not null) await command.DisposeAsync();
            await visit.DisposeAsync();
            await Task.WhenAll(working).WaitAsync(Helpdesk.Limit());
            over.Dispose();
        }
    }

    /// <summary>A customer who writes without end, and reads.</summary>
    private sealed class Talkative : ICustomerChat
    {
        private int read;

        public int Read => Volatile.Read(ref read);

        public async Task TalkAsync(CustomerConversation conversation, CancellationToken cancellationToken)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task talking = Task.Run(async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    // Withdrawn, or the session is over.
                    if (await Record.ExceptionAsync(() => conversation.SayAsync("Hello?", over.Token)) is not (null or AccessRefusedException or ChannelException or OperationCanceledException)) return;
                    await Task.Delay(200, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }, CancellationToken.None);
            try
            {
                await foreach (string _ in conversation.ReadAllAsync(cancellationToken)) Interlocked.Increment(ref read);
            }
            finally
            {
                await over.CancelAsync();
                await talking;
            }
        }
    }

    /// <summary>A computer that counts how often it should have been restarted, and never is.</summary>
    private sealed class CountedPower : IPowerControl
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public bool Supports(RestartMode mode) => true;

        public ValueTask<TimeSpan> RestartAsync(RestartMode mode, OperationPermit permit, CancellationToken cancellationToken)
        {
            permit.Demand();
            Interlocked.Increment(ref asked);
            throw new DesktopException(DesktopError.NoDisplay, "Not now.");
        }
    }

    private sealed class CountedStream(Action wrote) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            wrote();
            base.Write(buffer);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            wrote();
            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Reads and reads.</summary>
    private sealed class PatientPerson : IConsentPrompt
    {
        public TaskCompletionSource Shown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
        {
            Shown.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
