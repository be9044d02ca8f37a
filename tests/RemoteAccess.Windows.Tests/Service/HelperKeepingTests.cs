using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>One life of a helper over a real pipe, both ends in this process: who is let in at either end, and what is left when it ends.</summary>
public sealed class HelperKeepingTests
{
    private readonly HelperHome home = new();
    private readonly HelperHeld held = new();
    private readonly PipePeer self = PipePeer.OfThisProcess();
    private readonly FakeTime time = new();
    private readonly HelperKeeping keeping;

    public HelperKeepingTests() => keeping = new HelperKeeping(home, held, time, NullLogger.Instance);

    [Theory]
    [InlineData("process")]
    [InlineData("account")]
    [InlineData("session")]
    [InlineData("program")]
    public async Task Caller_ThatIsNotTheHelperThatWasStarted_IsCutOffAndServesNothing(string other)
    {
        using FakeProcess started = new()
        {
            Peer = other switch
            {
                "process" => self with { ProcessId = self.ProcessId + 4 },
                "account" => self with { Sid = "S-1-5-21-1-2-3-1001" },
                "session" => self with { SessionId = self.SessionId + 1 },
                _ => self with { ImagePath = @"C:\Temp\agent.exe" },
            },
        };
        string pipe = HelperPipe.NewName(Environment.ProcessId);
        using CancellationTokenSource stop = new();
        Task<string> attending = keeping.AttendAsync(started, pipe, stop.Token);

        // What the product's own helper sees, which believes that this is its service.
        await HelperProcess.ServeAsync(pipe, new FakeSession(), TimeProvider.System, default).WaitAsync(Eventually.Limit);

        Assert.Null(home.Current);
        Assert.False(attending.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal("the service ends it", await attending.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task Listener_ThatIsNotTheServiceOfTheName_IsNotServed()
    {
        string pipe = HelperPipe.NewName(Environment.ProcessId + 4);
        FakeSession session = new();
        await using GuardedPipeListener listener = GuardedPipeListener.Listen(pipe, new PipeGuard { Refuse = static _ => null });

        ChannelException refusal = await Assert.ThrowsAsync<ChannelException>(() => HelperProcess.ServeAsync(pipe, session, TimeProvider.System, default).WaitAsync(Eventually.Limit));

        Assert.Contains("not the process that the name says", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_ThatDoesNotComeToThePipe_IsGivenUp()
    {
        using FakeProcess started = new() { Peer = self };
        Task<string> attending = keeping.AttendAsync(started, HelperPipe.NewName(Environment.ProcessId), default);
        await Eventually.Is(() => time.HasTimerAt(TimeSpan.FromSeconds(30)), "it is waited for");

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Contains("did not come to the pipe", await attending.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
    }

    /// <summary>Another session has another person's keys, or none: at its lock screen nothing is pressed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_ThatADeadHelperLeftDown_GoUpByTheNextOfTheSameSessionOnly(bool isSame)
    {
        FakeSession first = new(), second = new();
        HelperInput input;
        await using (Life life = await Life.StartAsync(this, first))
        {
            input = await HelperInput.OpenAsync(home, TestPermit.ForInput(), held, static _ => { }, time, default);
            await input.InjectAsync(InputEvent.Key(0xffe3, isDown: true), default);
            if (!isSame) life.Process.Peer = self with { SessionId = self.SessionId + 1 };
        }
        // With the pipe the helper lets go by itself, as long as it lives; the session has nobody then.
        Assert.Equal(0, first.OpenInputs);
        Assert.Null(home.Current);
        await input.DisposeAsync();

        await using (await Life.StartAsync(this, second))
        {
            if (isSame) await Eventually.Is(() => second.Injected.Count == 2, "the key goes up");
            else await Eventually.Never(() => !second.Injected.IsEmpty || second.OpenInputs > 0, "a key was pressed in another session");
        }

        Assert.Equal(isSame ? [InputEvent.Key(0xffe3, isDown: true), InputEvent.Key(0xffe3, isDown: false)] : [], second.Injected);
    }

    /// <summary>A helper that is greeted, until it is killed: its end of the pipe closes.</summary>
    private sealed class Life : IAsyncDisposable
    {
        private readonly CancellationTokenSource kill = new();
        private readonly Task<string> attending;
        private readonly Task helping;

        private Life(HelperKeepingTests test, FakeSession session)
        {
            Process = new FakeProcess { Peer = test.self };
            string pipe = HelperPipe.NewName(Environment.ProcessId);
            attending = test.keeping.AttendAsync(Process, pipe, default);
            helping = HelperProcess.ServeAsync(pipe, session, TimeProvider.System, kill.Token);
        }

        public FakeProcess Process { get; }

        public static async Task<Life> StartAsync(HelperKeepingTests test, FakeSession session)
        {
            Life life = new(test, session);
            await Eventually.Is(() => test.home.Current?.Process == life.Process, "the helper serves");
            return life;
        }

        public async ValueTask DisposeAsync()
        {
            await kill.CancelAsync();
            await helping.WaitAsync(Eventually.Limit);
            await attending.WaitAsync(Eventually.Limit);
            Process.Dispose();
            kill.Dispose();
        }
    }
}
