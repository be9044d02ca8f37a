using System.Diagnostics;
using RemoteAccess;
using RemoteAccess.Picture;

namespace QuickStart;

/// <summary>What the technician does in the session: looks, types a line, finds it, measures.</summary>
internal static class Demonstration
{
    private const string Line = "Hello from the other side";
    private const int Keystrokes = 40;

    public static async Task RunAsync(RemoteSession session, StagedDesktop stage, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await using IAsyncEnumerator<PictureUpdate> updates = session.Picture.ReadUpdatesAsync(limit.Token).GetAsyncEnumerator(limit.Token);

        long start = Stopwatch.GetTimestamp();
        PictureUpdate picture = await NextAsync(updates);
        TimeSpan first = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"4  Picture     {picture.Size}, {session.BytesReceived / 1024.0:0} KiB, {first.TotalMilliseconds:0} ms, {picture.Size.Area * 4 / first.TotalSeconds / 1e6:0} MB of pixels a second");

        if (stage.Virtual is { } drawn)
        {
            PixelRect field = drawn.AreaOf(VirtualPart.TextField);
            await session.Input.ClickAsync(field.X + 20, field.Y + 20, cancellationToken: limit.Token);
        }

        await session.Input.TypeAsync(Line, limit.Token);
        await session.PingAsync(limit.Token);
        PixelRect changed = await FindLineAsync(updates, stage, limit.Token);
        Console.WriteLine($"               Typed \"{Line}\" and found it in the picture at {changed}.");
        Console.WriteLine($"               Input to picture: {await MeasureAsync(session, updates, limit.Token)}");

        using (FileStream file = File.Create("quickstart.png")) PngWriter.Write(file, picture.Size, picture.Stride, picture.Pixels);
        Console.WriteLine($"               Saved {Path.GetFullPath("quickstart.png")}");
    }

    /// <summary>On the drawn desktop the line's very glyphs are looked for; on a real one, whose fonts nobody knows, the change is.</summary>
    private static async Task<PixelRect> FindLineAsync(IAsyncEnumerator<PictureUpdate> updates, StagedDesktop stage, CancellationToken cancellationToken)
    {
        PixelRect changed = default;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PictureUpdate picture = updates.Current;
            if (stage.Virtual is not null && DrawnText.TryFind(picture.Pixels, picture.Size, picture.Stride, Line, out PixelRect found)) return found;
            if (stage.Virtual is null && !changed.IsEmpty) return changed;
            foreach (PixelRect area in (await NextAsync(updates)).Damage) changed = changed.Union(area);
        }
    }

    private static async Task<string> MeasureAsync(RemoteSession session, IAsyncEnumerator<PictureUpdate> updates, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (int i = 0; i < Keystrokes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            if (i % 2 == 0) await session.Input.TypeAsync(".", cancellationToken);
            else await session.Input.PressAsync("backspace", cancellationToken);
            while ((await NextAsync(updates)).Damage.Count == 0) cancellationToken.ThrowIfCancellationRequested();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return $"median {times[times.Count / 2]:0.0} ms, 95 % within {times[times.Count * 95 / 100]:0.0} ms, over {Keystrokes} keystrokes";
    }

    private static async ValueTask<PictureUpdate> NextAsync(IAsyncEnumerator<PictureUpdate> updates) =>
        await updates.MoveNextAsync() ? updates.Current : throw new RemoteAccess.Transport.ChannelException(RemoteAccess.Transport.ChannelError.Truncated, "The session ended during the demonstration.");
}
