using System.Diagnostics;
using RemoteAccess;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace QuickStart;

/// <summary>Looks at the remote picture and waits for changes of its pixels, but not for ever. Keeps a copy of what it saw last.</summary>
internal sealed class PatientEye : IAsyncDisposable
{
    private readonly CancellationTokenSource leave;
    private readonly IAsyncEnumerator<PictureUpdate> updates;
    private readonly long began = Stopwatch.GetTimestamp();
    private Task<bool>? next;
    private byte[] pixels = [];

    public PatientEye(RemotePicture picture, CancellationToken cancellationToken)
    {
        leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        updates = picture.ReadUpdatesAsync(leave.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    public PixelSize Size { get; private set; }

    public int Stride { get; private set; }

    public ReadOnlySpan<byte> Pixels => pixels.AsSpan(0, Stride * Size.Height);

    /// <summary>When the last change had arrived; a timestamp of <see cref="Stopwatch"/>.</summary>
    public long SeenAt { get; private set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>True at the next change of pixels; false when none comes in time.</summary>
    public async Task<bool> SeesChangeAsync(TimeSpan patience)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(leave.Token);
        Task deadline = Task.Delay(patience, enough.Token);
        try
        {
            while (true)
            {
                next ??= updates.MoveNextAsync().AsTask();
                if (await Task.WhenAny(next, deadline) != next) return false;
                bool goesOn = await next;
                next = null;
                SeenAt = Stopwatch.GetTimestamp();
                if (!goesOn) throw new ChannelException(ChannelError.Truncated, "The session ended during the demonstration.");
                if (updates.Current.Damage.Count == 0) continue;
                Keep(updates.Current);
                return true;
            }
        }
        finally
        {
            await enough.CancelAsync();
        }
    }

    /// <summary>Around all pixels that differ from an earlier copy of <see cref="Pixels"/>; everything, when the size has changed since.</summary>
    public PixelRect DifferenceFrom(ReadOnlySpan<byte> before)
    {
        if (before.Length != Pixels.Length) return new PixelRect(0, 0, Size.Width, Size.Height);
        PixelRect difference = default;
        for (int y = 0; y < Size.Height; y++)
        {
            ReadOnlySpan<byte> was = before.Slice(y * Stride, Size.Width * 4), now = Pixels.Slice(y * Stride, Size.Width * 4);
            int same = was.CommonPrefixLength(now);
            if (same == was.Length) continue;
            int end = was.Length;
            while (was[end - 1] == now[end - 1]) end--;
            difference = difference.Union(new PixelRect(same / 4, y, ((end + 3) / 4) - (same / 4), 1));
        }

        return difference;
    }

    public async ValueTask DisposeAsync()
    {
        await leave.CancelAsync();
        if (next is not null) await Task.WhenAny(next);
        await updates.DisposeAsync();
        leave.Dispose();
    }

    private void Keep(PictureUpdate update)
    {
        (Size, Stride) = (update.Size, update.Stride);
        if (pixels.Length < update.Pixels.Length) pixels = new byte[update.Pixels.Length];
        update.Pixels.CopyTo(pixels);
    }
}
