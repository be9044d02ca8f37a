using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Picture;

namespace CommandLineViewer;

/// <summary>What the probe has seen: the first sight of each stamp, and the framebuffers it was asked to keep.</summary>
internal sealed class ProbeLog(string? snapshotPrefix, int snapshotEvery)
{
    private const int MaxSnapshots = 64;

    private readonly List<(int Id, long Nanoseconds, long Bytes)> seen = [];
    private readonly List<(int Id, byte[] Pixels)> snapshots = [];
    private PictureUpdate? newest;

    public int Updates { get; private set; }

    public int BadStamps { get; private set; }

    public int LastId { get; private set; } = -1;

    public void See(PictureUpdate update, long bytesReceived)
    {
        // On Linux Stopwatch counts CLOCK_MONOTONIC in nanoseconds, the clock of the benchmark's player.
        long now = (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
        Updates++;
        newest = update;
        (int id, bool same) = FrameStamp.Read(update.Size, update.Stride, update.Pixels);
        if (id < 0)
        {
            BadStamps++;
            return;
        }

        if (id <= LastId) return;
        LastId = id;
        seen.Add((id, now, bytesReceived));
        if (snapshotPrefix is null || snapshotEvery <= 0 || id == 0 || id % snapshotEvery != 0 || !same || snapshots.Count >= MaxSnapshots) return;
        snapshots.Add((id, update.Pixels.ToArray()));
    }

    public void Write(string csv)
    {
        using (var writer = new StreamWriter(csv))
        {
            writer.WriteLine("id,t_seen_ns,bytes_rx");
            foreach ((int id, long nanoseconds, long bytes) in seen)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id},{nanoseconds},{bytes}"));
        }

        if (snapshotPrefix is null) return;
        foreach ((int id, byte[] pixels) in snapshots) File.WriteAllBytes($"{snapshotPrefix}{id}.bgrx", pixels);
        if (newest is not null) File.WriteAllBytes($"{snapshotPrefix}final.bgrx", newest.Pixels);
    }
}
