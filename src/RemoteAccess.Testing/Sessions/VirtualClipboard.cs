using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The clipboard of a <see cref="VirtualDesktop"/>, with the customer's side of it for tests. Thread-safe.</summary>
public sealed class VirtualClipboard : IClipboard
{
    private readonly Lock gate = new();
    private readonly List<Access> open = [];
    private string text = "";

    internal VirtualClipboard()
    {
    }

    /// <summary>What is on the clipboard.</summary>
    public string Text
    {
        get
        {
            lock (gate) return text;
        }
    }

    /// <summary>How many sessions use it at this moment.</summary>
    public int Users
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>A program of the customer's puts a text there.</summary>
    /// <param name="copied">Any text.</param>
    /// <param name="isPrivate">Marked as not to be passed on, as password managers do.</param>
    public void CopyAsCustomer(string copied, bool isPrivate = false)
    {
        ArgumentNullException.ThrowIfNull(copied);
        lock (gate)
        {
            text = copied;
            if (isPrivate || !ClipboardText.CanTravel(copied)) return;
            foreach (Access access in open) access.Tell(copied);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IClipboardAccess> OpenAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != Operations.Clipboard) throw new ArgumentException($"This needs a permit for {Operations.Clipboard}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
        var access = new Access(this, permit);
        lock (gate) open.Add(access);
        return ValueTask.FromResult<IClipboardAccess>(access);
    }

    private sealed class Access(VirtualClipboard owner, OperationPermit permit) : IClipboardAccess
    {
        private readonly SemaphoreSlim told = new(0);
        private string? next;

        /// <summary>Under the owner's lock.</summary>
        public void Tell(string copied)
        {
            if (next is null) told.Release();
            next = copied;
        }

        public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
        {
            permit.Demand();
            await told.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (owner.gate)
            {
                string copied = next ?? "";
                next = null;
                return copied;
            }
        }

        public ValueTask SetAsync(string text, CancellationToken cancellationToken)
        {
            permit.Demand();
            lock (owner.gate)
            {
                owner.text = text;
                foreach (Access other in owner.open.Where(other => other != this)) other.Tell(text);
            }
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            lock (owner.gate) owner.open.Remove(this);
            return ValueTask.CompletedTask;
        }
    }
}
