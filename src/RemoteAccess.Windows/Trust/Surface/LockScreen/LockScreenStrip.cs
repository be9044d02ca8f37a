using System.Globalization;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// The strip and frame of the surface on the desktop that has the keyboard, whenever that is no user's own. A thread with windows cannot follow to another desktop, so each
/// desktop gets a thread of its own; between two of them nothing is shown, and that is what is said.
/// </summary>
internal sealed class LockScreenStrip(WindowsSurfaceOptions options, Func<IStripDesktop> desktop, Action stop) : IStrip
{
    private StripThread? thread;

    /// <summary>The strip in a session helper.</summary>
    public static LockScreenStrip OfThisSession(CultureInfo culture, TimeProvider time, Action stop) =>
        new(new WindowsSurfaceOptions { Culture = culture, TimeProvider = time }, () => new StripDesktop(time), stop);

    /// <summary>The strips, from outside; for tests.</summary>
    public IReadOnlyList<BannerLook> Looks => thread?.Looks ?? [];

    public async Task<bool> ShowAsync(BannerWords? words, CancellationToken cancellationToken)
    {
        try
        {
            if (thread is { IsOver: true }) await LeaveAsync().ConfigureAwait(false);
            if (thread is null)
            {
                StripThread next = new(options, desktop, stop);
                await next.StartAsync(cancellationToken).ConfigureAwait(false);
                thread = next;
            }
            return await thread.ShowAsync(words).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DesktopException or InvalidOperationException)
        {
            // Not shown: that is all that counts. The next question tries anew, on another thread.
            await LeaveAsync().ConfigureAwait(false);
            return false;
        }
    }

    public ValueTask DisposeAsync() => LeaveAsync();

    private async ValueTask LeaveAsync()
    {
        if (thread is null) return;
        await thread.DisposeAsync().ConfigureAwait(false);
        thread = null;
    }
}
