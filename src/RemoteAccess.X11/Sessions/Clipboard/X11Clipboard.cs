using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The CLIPBOARD selection of an X server. Its texts are with the program that copied them: one that was put there stays for as long as this does, whether the access that put it is
/// open or not. Thread-safe.
/// </summary>
internal sealed class X11Clipboard(string? displayName) : IClipboard, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private ClipboardOwner? owner;
    private bool isDisposed;

    public async ValueTask<IClipboardAccess> OpenAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != Operations.Clipboard) throw new ArgumentException($"This needs a permit for {Operations.Clipboard}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
        ClipboardAccess access = new(this, displayName, permit);
        await access.StartAsync(cancellationToken).ConfigureAwait(false);
        return access;
    }

    /// <inheritdoc cref="ClipboardOwner.OfferAsync"/>
    public async ValueTask SetAsync(string text, OperationPermit permit, Action<SelectionClaim> claiming, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (owner is null)
            {
                ClipboardOwner started = new(displayName);
                await started.StartAsync(cancellationToken).ConfigureAwait(false);
                owner = started;
            }
            await owner.OfferAsync(text, permit, claiming, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        isDisposed = true;
        ClipboardOwner? last = owner;
        owner = null;
        turn.Release();
        if (last is not null) await last.DisposeAsync().ConfigureAwait(false);
    }
}
