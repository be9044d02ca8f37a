using System.Net;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Runs beside no other test: what it measures is the process's, with agent and viewer in it.</summary>
[CollectionDefinition(nameof(PictureAllocationTests), DisableParallelization = true)]
[Collection(nameof(PictureAllocationTests))]
public sealed class PictureAllocationTests
{
    private static readonly PixelRect Window = new(64, 64, 320, 256);

    /// <summary>
    /// Capture, plan, encoder, channel, TCP, channel, decoder, reader and the acknowledgement's way back, between a frame's drawing and its being shown. A look at the
    /// grant, every 200 ms, and what the test runner writes meanwhile fall into a few frames.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_OverTcp_AllocatesNothingForAFrame(bool isFilm)
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { HasOneClock = true });
        await using TcpLinkListener listener = TcpLinkListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        ValueTask<ILink> accepting = listener.AcceptAsync(Helpdesk.Limit());
        TcpLink near = await TcpLink.ConnectAsync(listener.LocalEndPoint, Helpdesk.Limit());
        Task serving = desk.Serve(await accepting);
        await using (RemoteSession session = await desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, null, Helpdesk.Limit()))
        {
            var film = new Film(1);
            byte[][] drawings = [.. Enumerable.Range(0, 32).Select(seed => isFilm ? film.Next(Window) : Letters(seed))];
            // Not in the runner's synchronisation context, which allocates for each wait.
            (long[] allocated, int lossy) = await Task.Run(() => WatchAsync(desk.Desktop, session, drawings, isFilm ? 400 : 2000, TimeSpan.FromMilliseconds(isFilm ? 15 : 0)));

            Array.Sort(allocated);
            TestContext.Current.TestOutputHelper?.WriteLine($"{lossy} of {allocated.Length} frames lossy; in {allocated.Count(bytes => bytes > 0)} something was allocated, {allocated.Sum()} bytes in all");
            Assert.Equal(0, allocated[allocated.Length * 3 / 4]);
            Assert.InRange(lossy, isFilm ? allocated.Length / 2 : 0, isFilm ? allocated.Length : 0);
        }

        await serving.WaitAsync(Helpdesk.Limit());
    }

    /// <summary>What was allocated for each frame, after as many others.</summary>
    private static async Task<(long[] Allocated, int Lossy)> WatchAsync(VirtualDesktop desktop, RemoteSession session, byte[][] drawings, int frames, TimeSpan between)
    {
        await using IAsyncEnumerator<PictureUpdate> updates = session.Picture.ReadUpdatesAsync(Helpdesk.Limit()).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        var allocated = new long[frames];
        int lossy = 0;
        for (int i = 0; i < 2 * frames; i++)
        {
            // Only what comes at a camera's pace is taken for video.
            if (between > TimeSpan.Zero) await Task.Delay(between);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            desktop.Draw(Window, drawings[i % drawings.Length]);
            if (!await updates.MoveNextAsync()) Assert.Fail("The picture ended.");
            if (i < frames) continue;
            allocated[i - frames] = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (!updates.Current.IsExact) lossy++;
        }

        return (allocated, lossy);
    }

    private static byte[] Letters(int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[Window.Area * 4];
        for (int i = 0; i < pixels.Length; i += 4)
            if (i / 32 % 3 == seed % 3 || random.Next(6) == 0) pixels.AsSpan(i, 3).Fill((byte)(40 * (seed % 5 + 1)));
        return pixels;
    }
}
