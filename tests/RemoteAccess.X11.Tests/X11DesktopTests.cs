using System.Diagnostics;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class X11DesktopTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    public async Task Open_WithOtherDepthThan24_SaysWhatTheDisplayHas(int depth)
    {
        await using XServer server = await XServer.StartXvfbAsync(640, 480, depth);

        DesktopException refused = Assert.Throws<DesktopException>(() => X11Desktop.Open(new X11Options { Display = server.Display }));

        Assert.Equal(DesktopError.UnsupportedFormat, refused.Error);
        Assert.Contains($"{depth} bits of colour", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithoutADisplay_SaysWhatToSet()
    {
        string? kept = Environment.GetEnvironmentVariable("DISPLAY");
        try
        {
            Environment.SetEnvironmentVariable("DISPLAY", null);
            DesktopException refused = Assert.Throws<DesktopException>(() => X11Desktop.Open(new X11Options()));
            Assert.Equal(DesktopError.NoDisplay, refused.Error);
            Assert.All(["DISPLAY", "--display", "XAUTHORITY"], word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("DISPLAY", kept);
        }
    }

    [Fact]
    public async Task Agent_NothingChosenThatShowsSessions_IsNotMade()
    {
        string state = Directory.CreateTempSubdirectory("ra-x11-agent-").FullName;
        try
        {
            await using XServer server = await XServer.StartXvfbAsync(320, 200);
            await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
            await using (TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(state, "agent") }))
            {
                var error = Assert.Throws<InvalidOperationException>(() => new RemoteAccessAgent(trust, desktop));
                Assert.Contains("TrustOptions.Surface", error.Message, StringComparison.Ordinal);
            }
            await using (TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(state, "agent"), Surface = new SurfaceRequirement() })) _ = new RemoteAccessAgent(trust, desktop);
            await using (TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(state, "agent"), Surface = SurfaceRequirement.ShownByHostApplication })) _ = new RemoteAccessAgent(trust, desktop);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    [Fact]
    public void Open_WithADisplayThatIsNotThere_NamesIt()
    {
        DesktopException refused = Assert.Throws<DesktopException>(() => X11Desktop.Open(new X11Options { Display = ":7319" }));

        Assert.Equal(DesktopError.NoDisplay, refused.Error);
        Assert.Contains(":7319", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithoutOptionsDisplay_TakesTheEnvironments()
    {
        await using XServer server = await XServer.StartXvfbAsync(320, 200);
        string? kept = Environment.GetEnvironmentVariable("DISPLAY");
        try
        {
            Environment.SetEnvironmentVariable("DISPLAY", server.Display);
            await using X11Desktop desktop = X11Desktop.Open(new X11Options());
            await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
            using ScreenFrame frame = await capture.CaptureAsync(default);
            Assert.Equal(new PixelSize(320, 200), frame.Size);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DISPLAY", kept);
        }
    }

    [Fact]
    public void Libraries_WhenOneIsMissing_NameItAndItsPackage()
    {
        DesktopException missing = Assert.Throws<DesktopException>(() => NativeLibraries.Demand("libXnotthere.so.6", "libxnotthere6"));

        Assert.Equal(DesktopError.MissingLibrary, missing.Error);
        Assert.Contains("libXnotthere.so.6", missing.Message, StringComparison.Ordinal);
        Assert.Contains("libxnotthere6", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DAMAGE")]
    [InlineData("XTEST")]
    public async Task Open_WithoutANeededExtension_NamesIt(string extension)
    {
        await using XServer server = await XServer.StartXvfbAsync(640, 480, 24, "-extension", extension);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });

        DesktopException missing = await Assert.ThrowsAsync<DesktopException>(async () =>
        {
            if (extension == "XTEST") await desktop.OpenInputAsync(TestPermit.ForInput(), default);
            else await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        });

        Assert.Equal(DesktopError.MissingExtension, missing.Error);
        Assert.Contains(extension, missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MIT-SHM")]
    [InlineData("RANDR")]
    public async Task Capture_WithoutAnOptionalExtension_Works(string extension)
    {
        await using XServer server = await XServer.StartXvfbAsync(640, 480, 24, "-extension", extension);
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await capture.CaptureAsync(default)).Dispose();
        client.Fill(3, 4, 100, 100, 0xabcdef);
        client.WarpPointer(77, 88);
        bool pixels = false, pointer = false;
        while (!pixels || !pointer)
        {
            using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
            pixels = FramePixels.Copy(frame)[(50 * 640) + 50] == 0xabcdef;
            pointer = frame.Cursor is { X: 77, Y: 88 };
            Assert.NotEmpty(frame.Layout.Monitors);
        }
    }

    [Fact]
    public async Task Open_WithAWithdrawnOrOtherPermit_Refuses()
    {
        await using XServer server = await XServer.StartXvfbAsync(320, 200);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        using TestPermit permit = new(Operations.ViewScreen);
        permit.Withdraw();

        await Assert.ThrowsAsync<AccessRefusedException>(async () => await desktop.OpenCaptureAsync(permit.Permit, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await desktop.OpenInputAsync(TestPermit.ForView(), default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await desktop.OpenCaptureAsync(TestPermit.ForInput(), default));
    }

    [Fact]
    public async Task OpenAndClose_FiftyTimes_LeavesNoSegmentDescriptorOrKeyBehind()
    {
        await using XServer server = await XServer.StartXvfbAsync(640, 480);
        using XClient client = new(server);
        await OpenUseClose(server);
        int segments = CountSegments(Environment.ProcessId), descriptors = CountDescriptors(), maps = CountMaps();

        for (int i = 0; i < 50; i++) await OpenUseClose(server);

        Assert.Equal(segments, CountSegments(Environment.ProcessId));
        Assert.Equal(descriptors, CountDescriptors());
        Assert.InRange(CountMaps(), 0, maps);
        Assert.False(client.IsAnyKeyDown);
        Assert.Equal(0u, client.QueryPointer().Mask & 0x1f00);
    }

    [Fact]
    public async Task Capture_WhenItsProcessIsKilled_LeavesNoSegmentBehind()
    {
        await using XServer server = await XServer.StartXvfbAsync(640, 480);
        Process victim = server.Start(Path.Combine(AppContext.BaseDirectory, "RemoteAccess.X11.CrashVictim"), server.Display, "capture");
        Assert.Equal("ready", await victim.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit));
        Assert.Equal(2, CountSegments(victim.Id));

        victim.Kill();
        await victim.WaitForExitAsync();

        await Eventually.Is(() => CountSegments(victim.Id) == 0, "the server has let go of them");
    }

    private static async Task OpenUseClose(XServer server)
    {
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.Key(0xffe1, true), default);
        await input.InjectAsync(InputEvent.Button(MouseButton.Left, true), default);
        (await capture.CaptureAsync(default)).Dispose();
    }

    /// <summary>Shared-memory segments that a process made and that still are, not those of others on this machine; shmctl(2), /proc/sysvipc/shm.</summary>
    private static int CountSegments(int process) => File.ReadLines("/proc/sysvipc/shm").Skip(1)
        .Count(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] == $"{process}");

    /// <summary>Of the kinds that a desktop opens: its connections and what wakes its threads. The runtime opens and closes files and pipes when it likes.</summary>
    private static int CountDescriptors() => Directory.GetFiles("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget is { } target && (target.StartsWith("socket:", StringComparison.Ordinal) || target.Contains("[eventfd]", StringComparison.Ordinal)));

    private static int CountMaps() => File.ReadLines("/proc/self/maps").Count(line => line.Contains("SYSV", StringComparison.Ordinal));
}
