using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>The capture's own rules, with a desktop that can be taken away and sources that fail as told.</summary>
public sealed class ScreenCaptureTests
{
    private readonly ConcurrentQueue<ScreenRead> answers = new();
    private volatile int followed = (int)DesktopFollowed.Same;
    private volatile uint colour = 0x112233;
    private volatile ScreenLayout layout = LayoutOf(64, 48);
    private volatile int opened;

    [Fact]
    public async Task Desktop_TakenAway_GivesOneBlackFrameThenNothingThenThePictureAgain()
    {
        await using ScreenCapture capture = await StartAsync();
        using (ScreenFrame frame = await Next(capture)) Assert.Equal(0x112233u, FramePixels.Copy(frame)[0]);

        followed = (int)DesktopFollowed.Refused;
        using (ScreenFrame black = await Next(capture))
        {
            Assert.DoesNotContain(FramePixels.Copy(black), pixel => pixel != 0);
            Assert.Equal([new PixelRect(0, 0, 64, 48)], black.Damage.ToArray());
            Assert.Null(black.Cursor.Shape);
        }

        Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
        await Eventually.Never(() => waiting.IsCompleted, "A second black frame came.");
        followed = (int)DesktopFollowed.Switched;
        using ScreenFrame again = await waiting.WaitAsync(Eventually.Limit);
        Assert.Equal(0x112233u, FramePixels.Copy(again)[0]);
        Assert.Equal([new PixelRect(0, 0, 64, 48)], again.Damage.ToArray());
    }

    /// <summary>A source of one desktop shows nothing of another, such as UAC's.</summary>
    [Fact]
    public async Task Desktop_ThatIsAnother_GetsASourceOfItsOwn()
    {
        await using ScreenCapture capture = await StartAsync();
        (await Next(capture)).Dispose();
        (colour, followed) = (0x445566, (int)DesktopFollowed.Switched);

        using ScreenFrame frame = await Next(capture);

        Assert.True(opened >= 2);
        Assert.Equal(0x445566u, FramePixels.Copy(frame)[0]);
    }

    [Fact]
    public async Task Screen_ThatCannotBeRead_GivesBlackUntilItCan()
    {
        await using ScreenCapture capture = await StartAsync();
        (await Next(capture)).Dispose();
        for (int i = 0; i < 3; i++) answers.Enqueue(ScreenRead.Refused);

        using (ScreenFrame black = await Next(capture)) Assert.DoesNotContain(FramePixels.Copy(black), pixel => pixel != 0);
        using ScreenFrame again = await Next(capture);

        Assert.Equal(0x112233u, FramePixels.Copy(again)[0]);
        Assert.Equal([new PixelRect(0, 0, 64, 48)], again.Damage.ToArray());
    }

    [Fact]
    public async Task Source_ThatIsLost_IsMadeAnewAndAnotherSizeIsWhollyDamaged()
    {
        await using ScreenCapture capture = await StartAsync();
        using ScreenFrame kept = await Next(capture);
        layout = LayoutOf(32, 16);
        colour = 0x445566;
        answers.Enqueue(ScreenRead.Lost);

        using ScreenFrame frame = await Next(capture);

        Assert.Equal(2, opened);
        Assert.Equal(new PixelSize(32, 16), frame.Size);
        Assert.Equal([new PixelRect(0, 0, 32, 16)], frame.Damage.ToArray());
        Assert.Equal(0x445566u, FramePixels.Copy(frame)[0]);
        Assert.Equal((new PixelSize(64, 48), 0x112233u), (kept.Size, FramePixels.Copy(kept)[0]));
    }

    [Fact]
    public async Task Sources_DuplicationRefused_AreGdiAndSayWhyOnce()
    {
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        Assert.NotNull(desktop);
        Lines log = new();
        int asked = 0;
        ScreenSources sources = new(true, log, _ =>
        {
            asked++;
            return new DuplicationAnswer(null, "DuplicateOutput answered 0x80004001.", false);
        });

        using (IScreenSource first = sources.Open()) Assert.IsType<GdiSource>(first);
        using (IScreenSource second = sources.Open()) Assert.IsType<GdiSource>(second);

        Assert.Equal(2, asked);
        Assert.Contains("DuplicateOutput answered 0x80004001.", Assert.Single(log.Written), StringComparison.Ordinal);
    }

    /// <summary>As after a prompt of UAC, which ends a duplication and refuses the next one for as long as it is there.</summary>
    [Fact]
    public async Task Sources_DuplicationThatMayComeBack_AreAskedForItAgain()
    {
        Wine.Require();
        int asked = 0;
        ScreenSources sources = new(true, new Lines(), _ =>
        {
            Interlocked.Increment(ref asked);
            return new DuplicationAnswer(null, "DuplicateOutput answered 0x80070005.", MayComeBack: true);
        });
        await using ScreenCapture capture = new(TestPermit.ForView(), TimeProvider.System, sources.Open, static () => new InputDesktop());
        await capture.StartAsync(default);
        (await Next(capture)).Dispose();
        using CancellationTokenSource stop = new();
        Task waiting = capture.CaptureAsync(stop.Token).AsTask();

        await Eventually.Is(() => Volatile.Read(ref asked) >= 2, "it is asked again");

        await stop.CancelAsync();
        await waiting.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Capture_UnderWine_IsByGdiForTheReasonThatTheSystemGave()
    {
        Wine.Require();
        Lines log = new();
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { Logger = log });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await Next(capture)).Dispose();

        string line = Assert.Single(log.Written);
        Assert.Contains("captured by GDI", line, StringComparison.Ordinal);
        Assert.Matches("(CreateDXGIFactory1|D3D11CreateDevice|DuplicateOutput) answered 0x8[0-9A-F]{7}|no adapter has an output", line);
    }

    [Fact]
    public void Sources_DuplicationGiven_AreDuplicationUntilItIsLostAgainAndAgain()
    {
        Lines log = new();
        ScreenSources sources = new(true, log, monitors => new DuplicationAnswer([new FakeOutput(new OutputPlace(new PixelRect(0, 0, 8, 8), OutputRotation.None))], "", false));

        for (int i = 0; i < 3; i++)
        {
            using IScreenSource source = sources.Open();
            Assert.IsType<DuplicationSource>(source);
        }

        using IScreenSource last = sources.Open();
        Assert.IsType<GdiSource>(last);
        Assert.Equal(2, log.Written.Count);
    }

    private static ScreenLayout LayoutOf(int width, int height) => new(new PixelSize(width, height), [new MonitorArea("fake", new PixelRect(0, 0, width, height), true)]);

    private static Task<ScreenFrame> Next(IScreenCapture capture) => capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);

    private async Task<ScreenCapture> StartAsync()
    {
        ScreenCapture capture = new(TestPermit.ForView(), TimeProvider.System, () => new FakeSource(this), () => new FakeDesktop(this));
        await capture.StartAsync(default);
        return capture;
    }

    private sealed class FakeDesktop(ScreenCaptureTests test) : IInputDesktop
    {
        public DesktopFollowed Follow() => (DesktopFollowed)test.followed;

        public void Dispose() => Assert.NotNull(test);
    }

    private sealed class FakeSource : IScreenSource
    {
        private readonly ScreenCaptureTests test;
        private bool isFirst = true;

        public FakeSource(ScreenCaptureTests test)
        {
            this.test = test;
            test.opened++;
        }

        public ScreenLayout Layout => test.layout;

        public CursorState Cursor => new(1, 2, null);

        public ScreenRead Read(LentFrame target, FramePool pool, DamageList damage)
        {
            if (test.answers.TryDequeue(out ScreenRead answer) && answer != ScreenRead.Done) return answer;
            target.Memory.Pixels.Fill(test.colour);
            if (isFirst) damage.Add(new PixelRect(0, 0, 1, 1), new PixelRect(0, 0, 1, 1));
            isFirst = false;
            return ScreenRead.Done;
        }

        public void Rest(WakeEvent signal, int milliseconds) => signal.Wait(milliseconds);

        public void Dispose() => Assert.NotNull(test);
    }

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));
    }
}
