using System.Diagnostics;
using System.Runtime.Versioning;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// The customer's surface as a process of its own on a real display, killed or frozen in the middle of a busy session, by the clock on the wall: how the promise of 2 s and 5 s is kept.
/// The order of everything and its exact moments are tested by a fake clock elsewhere.
/// </summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class SurfaceProcessTests
{
    public enum Blow { Kill, Freeze }

    /// <summary>What is promised, and what a machine that runs everything else at the same time may add.</summary>
    private static readonly TimeSpan Blind = TimeSpan.FromSeconds(2), Over = TimeSpan.FromSeconds(5), Loaded = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(Blow.Kill)]
    [InlineData(Blow.Freeze)]
    public async Task Surface_GoneInABusySession_PictureAndInputStopAfter2SecondsAndTheSessionEndsAfter5(Blow blow)
    {
        Programs.Require("Xvfb");
        await using XServer screen = await XServer.StartXvfbAsync(800, 600);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Surface = new SurfaceRequirement() });
        await using var watched = new WatchedDesktop(new VirtualDesktop(new VirtualDesktopOptions { Size = new PixelSize(320, 200) }));
        using Process surface = SampleProgram.Start(SampleProgram.Agent, ["surface", "--state", desk.State, "--stay"], screen.Display, stateHome: Path.Combine(desk.State, "..", "home"));
        try
        {
            (RemoteSession session, Task serving) = await ConnectAsync(desk, new RemoteAccessAgent(desk.Trust, watched));
            using var leaving = new CancellationTokenSource();
            Task working = Task.WhenAll(WatchAsync(session, leaving.Token), TypeAsync(session, leaving.Token));
            await Eventually.Is(() => watched is { Frames: > 0, Inputs: > 20 }, "the technician watches and types");

            long struckAt = Stopwatch.GetTimestamp();
            TimeSpan struck = OwnTime.Now;
            if (blow == Blow.Kill) surface.Kill();
            else SampleProgram.Freeze(surface);
            SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
            TimeSpan really = Stopwatch.GetElapsedTime(struckAt), ended = OwnTime.Now - struck;
            await leaving.CancelAsync();
            await working;
            await session.DisposeAsync();
            await serving.WaitAsync(Helpdesk.Limit());

            TimeSpan input = watched.LastInput - struck, any = watched.LastExecuted - struck;
            TestContext.Current.TestOutputHelper?.WriteLine($"{blow}: last input after {input.TotalSeconds:0.000} s, last of anything after {any.TotalSeconds:0.000} s, the end after {ended.TotalSeconds:0.000} s");
            Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.SurfaceLost), (end.Kind, end.Reason));
            Assert.True(any < Blind + Loaded, $"something was done {any} after the {blow}");
            Assert.True(ended < Over + Loaded, $"the session ended {ended} after the {blow}");
            // It had the time to come back.
            Assert.True(really - any > TimeSpan.FromSeconds(1), $"from the last thing done to the end: {really - any}");
            Assert.Empty(watched.Inner.PressedKeys);
        }
        finally
        {
            if (!surface.HasExited) surface.Kill();
            await surface.WaitForExitAsync(Helpdesk.Limit());
        }
    }

    private static async Task<(RemoteSession Session, Task Serving)> ConnectAsync(Helpdesk desk, RemoteAccessAgent agent)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
            Task serving = agent.ServeAsync(far, limit);
            try
            {
                return (await desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, new ConnectOptions { Operations = Operations.ViewScreen | Operations.ControlInput }, limit), serving);
            }
            catch (AccessRefusedException refused) when (refused.Reason == RefusalReason.SurfaceLost)
            {
                await serving;
                await Task.Delay(50, limit);
            }
        }
    }

    private static async Task WatchAsync(RemoteSession session, CancellationToken leaving) => await UntilTheEndAsync(async () =>
    {
        await foreach (Picture.PictureUpdate update in session.Picture.ReadUpdatesAsync(cancellationToken: leaving)) _ = update.IsExact;
    });

    private static async Task TypeAsync(RemoteSession session, CancellationToken leaving) => await UntilTheEndAsync(async () =>
    {
        while (!leaving.IsCancellationRequested && !session.Completion.IsCompleted)
        {
            await session.Input.TypeAsync("x", leaving);
            await Task.Delay(5, leaving);
        }
    });

    private static async Task UntilTheEndAsync(Func<Task> work)
    {
        try
        {
            await Task.Run(work);
        }
        catch (Exception end) when (end is AccessRefusedException or ChannelException or OperationCanceledException)
        {
            return;
        }
    }
}
