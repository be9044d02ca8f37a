using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>A helper whose capture hangs while everything else of it goes on: the service must see that, and must not take a screen on which nothing changes for it.</summary>
public sealed class HangingCaptureTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Helper_WhoseCaptureLooksAtNothing_IsGivenUpAndOneThatLooksIsNot(bool looks)
    {
        FakeTime time = new();
        HelperHome home = new();
        (Stream service, Stream helper) = Duplex.Pair();
        await using HelperStream mine = new(helper);
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, time);
        Task<string> serving = link.RunAsync(() => home.Set(link), default);
        mine.Send(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version));
        await Eventually.Is(() => home.Current is not null, "the greeting is heard");
        await using HelperCapture capture = new(home, TestPermit.ForView(), time);
        Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
        int rounds = 0;
        for (; rounds < 30 && !serving.IsCompleted; rounds++)
        {
            // It answers every ping, and tells the idle time.
            if (looks) mine.Send(new MessageWriter(HelperWord.Looked, 1));
            mine.Send(new MessageWriter(HelperWord.Idle, 0).Long(rounds + 1));
            await Eventually.Is(() => link.IdleTime == TimeSpan.FromMilliseconds(rounds + 1), "it is heard");
            await Eventually.Is(() => time.HasTimerAt(time.Elapsed + HelperLink.PingEvery), "the next look is set");
            time.Advance(HelperLink.PingEvery);
            ReceivedWord said;
            do said = await ReadAsync(mine, serving);
            while (said.Word is HelperWord.OpenCapture or HelperWord.Next);
            if (said.Word == HelperWord.Ping) mine.Send(new MessageWriter(HelperWord.Pong, said.Number));
        }

        if (looks)
        {
            Assert.Equal(30, rounds);
            Assert.False(serving.IsCompleted);
            Assert.False(waiting.IsCompleted);
            await mine.DisposeAsync();
            await serving.WaitAsync(Eventually.Limit);
            return;
        }
        Assert.InRange(rounds, 5, 7);
        Assert.Contains("hangs: its capture", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        // The session sees black instead of a picture that stands still, until another helper is there.
        home.Set(null);
        using ScreenFrame black = await waiting.WaitAsync(Eventually.Limit);
        Assert.All(FramePixels.Copy(black), static pixel => Assert.Equal(0u, pixel));
    }

    /// <summary>The helper's half: what it says of a capture that looks, and of one that does not.</summary>
    [Fact]
    public async Task Helper_SaysThatItsCaptureLooks_AndNothingOnceItHangs()
    {
        FakeSession session = new();
        HelperHome home = new();
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, session);
        Looks seen = new(helper.Link);
        await Eventually.Is(() => seen.Count >= 2, "it says so each second");

        session.Hangs = true;
        // What was on its way comes still, and one look that nobody was told of.
        await OwnTime.PassAsync(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        int before = seen.Count;
        await OwnTime.PassAsync(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);

        Assert.Equal(before, seen.Count);
    }

    private static async Task<ReceivedWord> ReadAsync(HelperStream from, Task serving)
    {
        Task<ReceivedWord?> next = from.ReadAsync(default).AsTask();
        await Task.WhenAny(next, serving);
        return next.IsCompletedSuccessfully ? next.Result ?? default : default;
    }

    /// <summary>A capture's number at the service, which counts.</summary>
    private sealed class Looks : IHelperChannel
    {
        private int count;

        public Looks(HelperLink link)
        {
            uint number = link.Add(this);
            link.Send(new MessageWriter(HelperWord.OpenCapture, number));
            link.Send(new MessageWriter(HelperWord.Next, number));
        }

        public int Count => Volatile.Read(ref count);

        public void Receive(HelperWord word, ref MessageReader body)
        {
            Assert.Equal(HelperWord.Looked, word);
            Interlocked.Increment(ref count);
        }

        public void Lost()
        {
        }
    }
}
