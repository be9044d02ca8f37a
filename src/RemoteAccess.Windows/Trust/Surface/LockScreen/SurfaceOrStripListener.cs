using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Lets in the strip of the lock screen, which is of this very process, and whoever <paramref name="surfaces"/> lets in.</summary>
/// <param name="surfaces">For the surface of the user; owned from now on.</param>
/// <param name="home">Where helpers come and go.</param>
/// <param name="hasScreen">Whether a session has the computer's screen.</param>
/// <param name="culture">The strip's language.</param>
/// <param name="time">The clock.</param>
internal sealed class SurfaceOrStripListener(ISurfaceListener surfaces, HelperHome home, Func<int, bool> hasScreen, CultureInfo culture, TimeProvider time) : ISurfaceListener
{
    /// <summary>Who stops, in the ledger.</summary>
    public const string Account = "somebody at the lock screen";

    /// <summary>A strip that the agent has cut off comes back after this.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource over = new();
    private Task<SurfaceCaller>? accepting;
    private Task? strip;

    public async ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken)
    {
        if (strip is null || strip.IsCompleted) return await LetStripInAsync().ConfigureAwait(false);
        accepting ??= surfaces.AcceptAsync(over.Token).AsTask();
        Task first = await Task.WhenAny(accepting, strip).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (first == strip) return await LetStripInAsync().ConfigureAwait(false);
        Task<SurfaceCaller> accepted = accepting;
        accepting = null;
        return await accepted.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await surfaces.DisposeAsync().ConfigureAwait(false);
        if (strip is not null) await strip.ConfigureAwait(false);
        if (accepting is not null) await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (accepting is { IsCompletedSuccessfully: true }) await (await accepting.ConfigureAwait(false)).Link.DisposeAsync().ConfigureAwait(false);
        over.Dispose();
    }

    private async ValueTask<SurfaceCaller> LetStripInAsync()
    {
        if (strip is not null) await strip.ConfigureAwait(false);
        (MemoryLink ours, MemoryLink agents) = MemoryLink.CreatePair();
        strip = Task.Run(() => RunAsync(ours), CancellationToken.None);
        return new SurfaceCaller(agents, Account);
    }

    private async Task RunAsync(MemoryLink link)
    {
        try
        {
            SurfaceConnection agent = await SurfaceConnection.OpenLinkAsync(_ => Task.FromResult<ILink>(link), culture, time, over.Token).ConfigureAwait(false);
            LockScreenSurface surface = new(agent, home, hasScreen, culture, time);
            await using (surface.ConfigureAwait(false)) await surface.RunAsync(over.Token).ConfigureAwait(false);
            await Task.Delay(Again, time, over.Token).ConfigureAwait(false);
        }
        catch (SurfaceException)
        {
            // As when the agent has as many surfaces as it takes.
            await Task.Delay(Again, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return;
        }
    }
}
