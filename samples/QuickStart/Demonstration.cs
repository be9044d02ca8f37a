using System.Diagnostics;
using RemoteAccess;
using RemoteAccess.Picture;

namespace QuickStart;

/// <summary>What the technician does in the session: looks, types a line, finds it, measures.</summary>
internal static class Demonstration
{
    public const string Line = "Hello from the other side";

    /// <summary>Half of them dots, half of them backspaces that delete the dots.</summary>
    public const int Keystrokes = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LineTakes = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeystrokeTakes = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(30);

    public static async Task RunAsync(RemoteSession session, StagedDesktop stage, CancellationToken cancellationToken)
    {
        await using var eye = new PatientEye(session.Picture, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        if (!await eye.SeesChangeAsync(Patience)) throw new IOException($"No picture came within {Patience.TotalSeconds} s.");
        TimeSpan first = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"4  Picture     {eye.Size}, {session.BytesReceived / 1024.0:0} KiB, {first.TotalMilliseconds:0} ms, {eye.Size.Area * 4 / first.TotalSeconds / 1e6:0} MB of pixels a second");

        if (stage.Virtual is { } drawn)
        {
            PixelRect field = drawn.AreaOf(VirtualPart.TextField);
            await session.Input.ClickAsync(field.X + 20, field.Y + 20, cancellationToken: cancellationToken);
        }

        byte[] before = eye.Pixels.ToArray();
        await session.Input.TypeAsync(Line, cancellationToken);
        await session.PingAsync(cancellationToken);
        Console.WriteLine($"               Typed \"{Line}\" and {(stage.Virtual is null ? await FindCellsAsync(eye, before) : await FindGlyphsAsync(eye))}");
        Console.WriteLine($"               Input to picture: {await MeasureAsync(session, eye, cancellationToken)}");

        using (FileStream file = File.Create("quickstart.png")) PngWriter.Write(file, eye.Size, eye.Stride, eye.Pixels);
        Console.WriteLine($"               Saved {Path.GetFullPath("quickstart.png")}");
    }

    /// <summary>On the drawn desktop the line's very glyphs are looked for.</summary>
    private static async Task<string> FindGlyphsAsync(PatientEye eye)
    {
        PixelRect found;
        while (!DrawnText.TryFind(eye.Pixels, eye.Size, eye.Stride, Line, out found))
        {
            if (!await eye.SeesChangeAsync(Patience)) throw new IOException("The line did not appear in the picture.");
        }

        return $"found it in the picture at {found}.";
    }

    /// <summary>On a real one, whose fonts nobody knows, its pattern of equal letters is; where it has none, what changed.</summary>
    private static async Task<string> FindCellsAsync(PatientEye eye, byte[] before)
    {
        TimeSpan patience = LineTakes;
        while (await eye.SeesChangeAsync(patience) && eye.Elapsed < Patience) patience = Quiet * 10;
        PixelRect changed = eye.DifferenceFrom(before);
        if (changed.IsEmpty) return "saw nothing change: no window took it.";
        return LineInCells.TryFind(eye.Pixels, eye.Size, eye.Stride, changed, Line, out PixelRect found)
            ? $"found it in the picture at {found}, by which of its letters are equal."
            : $"found a change in the picture at {changed}, in which its letters cannot be told.";
    }

    private static async Task<string> MeasureAsync(RemoteSession session, PatientEye eye, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        int unseen = 0;
        for (int i = 0; i < Keystrokes && unseen < 3; i++)
        {
            // What still comes from before is no answer to the next keystroke. A screen that never rests is measured all the same.
            for (int rest = 0; rest < 10 && await eye.SeesChangeAsync(Quiet);) rest++;
            long start = Stopwatch.GetTimestamp();
            if (i % 2 == 0) await session.Input.TypeAsync(".", cancellationToken);
            else await session.Input.PressAsync("backspace", cancellationToken);
            if (await eye.SeesChangeAsync(KeystrokeTakes)) times.Add(Stopwatch.GetElapsedTime(start, eye.SeenAt).TotalMilliseconds);
            else unseen++;
        }

        if (times.Count == 0) return "not measured, because nothing on the screen changes with a keystroke.";
        times.Sort();
        return $"median {times[times.Count / 2]:0.0} ms, 95 % within {times[times.Count * 95 / 100]:0.0} ms, over {times.Count} keystrokes";
    }
}
