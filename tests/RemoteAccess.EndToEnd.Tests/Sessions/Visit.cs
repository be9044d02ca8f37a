using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>A technician's session with a <see cref="Helpdesk"/>'s computer, and the agent's work for it.</summary>
internal sealed class Visit(RemoteSession session, Task serving, BadNetworkLink? network) : IAsyncDisposable
{
    public RemoteSession Session => session;

    /// <summary>Completes when the agent is through with the session: nothing runs any more, and its end is in the ledger.</summary>
    public Task Serving => serving;

    public BadNetworkLink Network => network ?? throw new InvalidOperationException("This visit is over a good link.");

    /// <summary>How the session ended, when both sides are through with it.</summary>
    public async Task<SessionEnd> EndAsync()
    {
        SessionEnd end = await session.Completion.WaitAsync(Helpdesk.Limit());
        await serving.WaitAsync(Helpdesk.Limit());
        return end;
    }

    public Sight Watch(PictureOptions? options = null) => new(session, Helpdesk.Limit(), options);

    public ValueTask DisposeAsync() => session.DisposeAsync();
}

/// <summary>A reader of the picture that is asked for one update at a time.</summary>
internal sealed class Sight(RemoteSession session, CancellationToken limit, PictureOptions? options = null) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<PictureUpdate> updates = session.Picture.ReadUpdatesAsync(options ?? new PictureOptions(), limit).GetAsyncEnumerator(limit);

    private Task<Exception?> ending = Task.FromResult<Exception?>(null);

    public PictureUpdate Picture => updates.Current;

    public async Task<PictureUpdate> NextAsync()
    {
        Assert.True(await updates.MoveNextAsync(), "The picture ended.");
        return updates.Current;
    }

    /// <summary>The next update in which pixels changed.</summary>
    public async Task<PictureUpdate> NextFrameAsync()
    {
        while ((await NextAsync()).Damage.Count == 0) limit.ThrowIfCancellationRequested();
        return Picture;
    }

    public async Task UntilAsync(Func<PictureUpdate, bool> isReached)
    {
        while (!isReached(await NextAsync())) limit.ThrowIfCancellationRequested();
    }

    public void AssertShows(VirtualDesktop desktop)
    {
        Assert.Equal(desktop.Layout.Size, Picture.Size);
        Assert.Equal(-1, FirstDifference(Picture.Pixels, desktop.CopyPixels()));
    }

    /// <summary>Lossy or not, it is this picture: anywhere in an area as large as a tile the pixels are near on average, which another moment of a film is not.</summary>
    public void AssertResembles(VirtualDesktop desktop)
    {
        const int Side = 64, Near = 8;
        Assert.Equal(desktop.Layout.Size, Picture.Size);
        ReadOnlySpan<byte> shown = Picture.Pixels, real = desktop.CopyPixels();
        int width = Picture.Size.Width, height = Picture.Size.Height;
        for (int top = 0; top < height; top += Side)
        {
            for (int left = 0; left < width; left += Side)
            {
                int right = Math.Min(left + Side, width), bottom = Math.Min(top + Side, height), apart = 0;
                for (int y = top; y < bottom; y++)
                    for (int at = (y * width + left) * 4; at < (y * width + right) * 4; at++) apart += Math.Abs(shown[at] - real[at]);
                Assert.True(apart < Near * 4 * (right - left) * (bottom - top), $"The picture at {left}, {top} is another one.");
            }
        }
    }

    public bool Shows(VirtualDesktop desktop) => Picture.Size == desktop.Layout.Size && Picture.Pixels.SequenceEqual(desktop.CopyPixels());

    /// <summary>How the reader's loop ends.</summary>
    public Task<Exception?> EndAsync() => ending = ReadToTheEndAsync();

    /// <summary>A test that failed meanwhile must not be hidden behind a reader that still waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!ending.IsCompleted) await session.DisposeAsync();
        await ending;
        await updates.DisposeAsync();
    }

    private async Task<Exception?> ReadToTheEndAsync() => await Record.ExceptionAsync(async () =>
    {
        while (await updates.MoveNextAsync()) limit.ThrowIfCancellationRequested();
    });

    private static int FirstDifference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int common = one.CommonPrefixLength(other);
        return common == one.Length && common == other.Length ? -1 : common;
    }
}
