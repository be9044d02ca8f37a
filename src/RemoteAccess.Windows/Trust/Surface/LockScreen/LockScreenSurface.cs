using System.Globalization;
using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>
/// In the service, one more surface of its agent, beside the one that the user has: the strip that the session helper shows where that one cannot be. Asks the helper several times a
/// second; only what it answers is reported, and as old as the question. It does nothing else of what a surface may but stop sessions.
/// </summary>
internal sealed class LockScreenSurface : IAsyncDisposable
{
    /// <summary>Several times in the second that a report is good for.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    private readonly SurfaceConnection agent;
    private readonly HelperHome home;
    private readonly Func<int, bool> hasScreen;
    private readonly CultureInfo culture;
    private readonly TimeProvider time;
    private readonly SurfaceTexts texts;
    private readonly SurfaceTimes times;
    private readonly SessionChanges changes = new();
    private readonly Lock gate = new();
    private Task stopping = Task.CompletedTask;

    /// <param name="agent">The agent of this process; owned from now on.</param>
    /// <param name="home">Where helpers come and go.</param>
    /// <param name="hasScreen">Whether a session has the computer's screen: what is on the desktop of another nobody sees, and its helper does not know.</param>
    /// <param name="culture">The language; the lock screen's own is the system account's.</param>
    /// <param name="time">The clock.</param>
    public LockScreenSurface(SurfaceConnection agent, HelperHome home, Func<int, bool> hasScreen, CultureInfo culture, TimeProvider time)
    {
        (this.agent, this.home, this.hasScreen, this.culture, this.time) = (agent, home, hasScreen, culture, time);
        texts = SurfaceTexts.For(culture);
        times = new SurfaceTimes(texts, culture, time.LocalTimeZone);
    }

    /// <summary>Until it is cancelled or the agent is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        StripChannel? strip = null;
        agent.StatusChanged += OnStatusChanged;
        try
        {
            while (agent.IsConnected)
            {
                Task change = changes.Next;
                strip = At(home.Current, strip);
                await AskAsync(strip, cancellationToken).ConfigureAwait(false);
                await PauseAsync(change, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            agent.StatusChanged -= OnStatusChanged;
            agent.ReportShown(null);
            strip?.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync().ConfigureAwait(false);
        Task last;
        lock (gate) last = stopping;
        await last.ConfigureAwait(false);
    }

    private StripChannel? At(HelperLink? link, StripChannel? strip)
    {
        if (strip is not null && strip.Link == link) return strip;
        strip?.Close();
        return link is null ? null : new StripChannel(link, culture, Stop);
    }

    private async Task AskAsync(StripChannel? strip, CancellationToken cancellationToken)
    {
        SurfaceStatus status = agent.Status;
        BannerWords? words = status.Sessions.Count == 0 ? null : BannerWords.For(status, texts, times, time.GetUtcNow(), hasStopKey: false);
        long asked = time.GetTimestamp();
        bool isSeen = strip is not null && await strip.ShowAsync(words, cancellationToken).ConfigureAwait(false);
        agent.ReportShown(isSeen && hasScreen(strip!.Link.Process.Peer.SessionId) ? status : null, time.GetElapsedTime(asked));
    }

    /// <summary>On the link's reading loop. One at a time: whoever presses more often says no more by it.</summary>
    private void Stop()
    {
        lock (gate)
        {
            if (stopping.IsCompleted) stopping = Task.Run(StopAsync);
        }
    }

    private async Task StopAsync()
    {
        try
        {
            await agent.DoAsync(new SurfaceAction.StopSessions(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (SurfaceException)
        {
            // The agent is gone, and its sessions with it; the button is still there for whoever presses again.
            return;
        }
    }

    private void OnStatusChanged(object? sender, EventArgs change) => changes.Report();

    private async Task PauseAsync(Task change, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(Period, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
