using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The clipboard of the Windows session of this process. Thread-safe; each access has a thread of its own.</summary>
internal sealed class WindowsClipboard(TimeProvider time) : IClipboard
{
    public async ValueTask<IClipboardAccess> OpenAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != Operations.Clipboard) throw new ArgumentException($"This needs a permit for {Operations.Clipboard}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
        ClipboardWindow window = new(permit, time);
        await window.StartAsync(cancellationToken).ConfigureAwait(false);
        return window;
    }
}
