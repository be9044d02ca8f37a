using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Sessions;

/// <summary>Input that the session helper injects. It belongs to one helper: with that one gone every act is refused as by a lost display, and the session opens input anew.</summary>
internal sealed class HelperInput : IInputInjector
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(1);

    private readonly InputChannel channel;
    private readonly Permission permit;
    private readonly HelperHeld held;
    private readonly TimeProvider time;
    private CancellationTokenRegistration withdrawal;
    private bool isDisposed;

    private HelperInput(InputChannel channel, Permission permit, HelperHeld held, TimeProvider time) =>
        (this.channel, this.permit, this.held, this.time) = (channel, permit, held, time);

    /// <param name="home">Where the helper is.</param>
    /// <param name="permit">Asked before each act.</param>
    /// <param name="held">Told what is down.</param>
    /// <param name="attention">Makes Ctrl+Alt+Delete in a helper's session; quick.</param>
    /// <param name="time">For the last wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DesktopException">There is no helper, or it cannot.</exception>
    public static async Task<HelperInput> OpenAsync(HelperHome home, Permission permit, HelperHeld held, Action<ISessionProcess> attention, TimeProvider time, CancellationToken cancellationToken)
    {
        HelperLink link = home.Current ?? throw Nobody(null);
        InputChannel channel = new(link, () => attention(link.Process));
        HelperInput input = new(channel, permit, held, time);
        try
        {
            await channel.SettledAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await input.DisposeAsync().ConfigureAwait(false);
            if (failure is IOException) throw Nobody(failure);
            throw;
        }
        input.withdrawal = permit.Withdrawn.UnsafeRegister(static channel => ((InputChannel)channel!).Close(), channel);
        return input;
    }

    public async ValueTask InjectAsync(InputEvent input, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        permit.Demand();
        if (input.Kind is < InputKind.PointerMove or > InputKind.Text || (input.Kind == InputKind.Button && input.Code is < (uint)MouseButton.Left or > (uint)MouseButton.Forward))
            throw new ArgumentException("Make input events with their factory methods, buttons by their names.", nameof(input));
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, permit.Withdrawn);
        try
        {
            // One that was given up before its answer came.
            await channel.SettledAsync(either.Token).ConfigureAwait(false);
            permit.Demand();
            held.Note(channel, input);
            channel.Send(input);
            await channel.SettledAsync(either.Token).ConfigureAwait(false);
        }
        catch (IOException gone)
        {
            permit.Demand();
            throw Nobody(gone);
        }
        catch (OperationCanceledException) when (permit.Withdrawn.IsCancellationRequested)
        {
            permit.Demand();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed) return;
        isDisposed = true;
        await withdrawal.DisposeAsync().ConfigureAwait(false);
        channel.Close();
        try
        {
            await channel.SettledAsync(CancellationToken.None).WaitAsync(ReleasePatience, time).ConfigureAwait(false);
            held.Forget(channel);
        }
        catch (Exception failure) when (failure is IOException or DesktopException or TimeoutException)
        {
            // What a helper that is gone left down, the next one lets go.
            channel.Forget();
            return;
        }
        channel.Forget();
    }

    private static DesktopException Nobody(Exception? inner) =>
        new(DesktopError.DisplayLost, "No program of this service is in the session that has the screen just now, as while users change. Try again in a moment.", inner);
}
