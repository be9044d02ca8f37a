using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using Microsoft.Extensions.Logging;

namespace RemoteAccess;

/// <summary>What the service does while a session helper lives: waits for it at the pipe, lets nobody else in, and makes it the desktop's.</summary>
internal sealed class HelperKeeping(HelperHome home, HelperHeld held, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30), ReleasePatience = TimeSpan.FromSeconds(2);

    private HelperLink? before;

    /// <summary>Until the helper or its link ends.</summary>
    /// <param name="process">Started a moment ago.</param>
    /// <param name="pipe">The pipe's name, which the helper was told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it ended, for the log.</returns>
    public async Task<string> AttendAsync(ISessionProcess process, string pipe, CancellationToken cancellationToken)
    {
        try
        {
            HelperLink link = await ConnectAsync(process, pipe, cancellationToken).ConfigureAwait(false);
            await using (link.ConfigureAwait(false))
            {
                return await ServeAsync(link, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            return $"it did not come to the pipe within {ConnectPatience.TotalSeconds:0} s";
        }
        catch (ChannelException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return "the service ends it";
        }
    }

    private async Task<HelperLink> ConnectAsync(ISessionProcess process, string pipe, CancellationToken cancellationToken)
    {
        // It exists a little later than the process, which waits for it.
        var listener = GuardedPipeListener.Listen(pipe, new PipeGuard { Refuse = caller => HelperPipe.WhyNotHelper(process.Peer, caller) }, logger);
        await using (listener.ConfigureAwait(false))
        {
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<GuardedPipeLink> accepting = listener.AcceptAsync(over.Token).AsTask();
            try
            {
                return new HelperLink((await accepting.WaitAsync(ConnectPatience, time, cancellationToken).ConfigureAwait(false)).Stream, process, time);
            }
            finally
            {
                await over.CancelAsync().ConfigureAwait(false);
                await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> ServeAsync(HelperLink link, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task releasing = Task.CompletedTask;
        try
        {
            return await link.RunAsync(() => releasing = GreetedAsync(link, over.Token), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            if (home.Current == link) home.Set(null);
            before = link;
            await releasing.ConfigureAwait(false);
        }
    }

    private Task GreetedAsync(HelperLink link, CancellationToken cancellationToken)
    {
        // Only in the same session: another one has other keys.
        IReadOnlyList<InputEvent> left = before is { } gone ? held.Take(gone) : [];
        bool isSame = before?.Process.Peer.SessionId == link.Process.Peer.SessionId;
        before = null;
        home.Set(link);
        return left.Count == 0 || !isSame ? Task.CompletedTask : Task.Run(() => ReleaseAsync(link, left, cancellationToken), cancellationToken);
    }

    private async Task ReleaseAsync(HelperLink link, IReadOnlyList<InputEvent> left, CancellationToken cancellationToken)
    {
        try
        {
            await HelperHeld.ReleaseAsync(link, left, cancellationToken).WaitAsync(ReleasePatience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or DesktopException or TimeoutException or OperationCanceledException)
        {
            Log.LeftoverKeysStay(logger, failure.Message);
        }
    }
}
