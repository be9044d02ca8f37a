using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// One use of the clipboard, on a connection and thread of its own, which the server tells of each new owner (XFixes). What an owner has is asked for only while somebody waits in
/// <see cref="NextAsync"/>; what became old meanwhile never is.
/// </summary>
internal sealed unsafe class ClipboardAccess(X11Clipboard clipboard, string? displayName, OperationPermit permit) : DisplayThread(displayName, "RemoteAccess X11 clipboard"), IClipboardAccess
{
    private const int OwnClaimsKept = 16;
    private readonly PendingCall<string> call = new();
    private readonly Queue<SelectionClaim> ownClaims = new();
    private readonly Lock gate = new();
    private CancellationTokenRegistration withdrawal;
    private SelectionReader? reader;
    private ClipboardAtoms? atoms;
    private int ownerChanged;
    private SelectionClaim? unread;
    private Exception? failure;
    private int disposed;

    public ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref failure) is { } error) return ValueTask.FromException<string>(error);
        short token = call.Begin(cancellationToken);
        // The thread may have failed or been stopped in between.
        if (Volatile.Read(ref failure) is { } since) call.TryFail(since);
        if (IsStopping) call.TryFail(Closed());
        Wake();
        return new ValueTask<string>(call, token);
    }

    public ValueTask SetAsync(string text, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        if (!ClipboardText.CanTravel(text)) throw new ArgumentException("This text cannot be put on the clipboard.", nameof(text));
        permit.Demand();
        return clipboard.SetAsync(text, permit, Own, cancellationToken);
    }

    public new ValueTask DisposeAsync()
    {
        Volatile.Write(ref disposed, 1);
        return base.DisposeAsync();
    }

    protected override void Prepare()
    {
        if (LibXfixes.XFixesQueryExtension(Connection.Display, out int first, out _) == 0)
            throw new DesktopException(DesktopError.MissingExtension, "The display has no XFIXES extension, which tells of the clipboard. Enable it in the X server.");
        ownerChanged = first + LibX11Selection.OwnerChanged;
        nuint window = LibX11Selection.CreateWindow(Connection, LibX11Selection.PropertyChangeMask);
        atoms = new ClipboardAtoms(Connection);
        reader = new SelectionReader(Connection, window, atoms, atoms.Clipboard, Pump);
        LibX11Selection.XFixesSelectSelectionInput(Connection.Display, window, atoms.Clipboard, LibX11Selection.OwnerChangedMask);
        if (Connection.Sync() != 0) throw new DesktopException(DesktopError.MissingExtension, "The display does not tell of its clipboard.");
        withdrawal = permit.Withdrawn.UnsafeRegister(static self => ((ClipboardAccess)self!).OnWithdrawn(), this);
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            if (call.IsWaiting && !AnswerIfWithdrawn() && unread is { } claim)
            {
                Read(claim);
                continue;
            }
            WaitForActivity(-1);
        }
    }

    protected override void Fail(Exception error)
    {
        Volatile.Write(ref failure, error);
        call.TryFail(error);
    }

    protected override void CleanUp()
    {
        withdrawal.Dispose();
        call.TryFail(Closed());
    }

    private static ObjectDisposedException Closed() => new(nameof(IClipboardAccess));

    private void Read(SelectionClaim claim)
    {
        if (!reader!.TryRead(claim.Since, out string? text)) return;
        // Somebody else owns it by now, or nobody waits any more: then it is read again.
        if (text is not null && (AnswerIfWithdrawn() || !call.TryFinish(text))) return;
        if (unread == claim) unread = null;
    }

    /// <summary>False when a reading has no more use: another owner, nobody who waits, no permit.</summary>
    private bool Pump(int milliseconds)
    {
        SelectionClaim? now = unread;
        WaitForActivity(milliseconds);
        ReadEvents();
        return !IsStopping && call.IsWaiting && unread == now && !permit.Withdrawn.IsCancellationRequested;
    }

    private void ReadEvents()
    {
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            if (xevent.Type == ownerChanged && xevent.OwnedSelection == atoms!.Clipboard)
            {
                var claim = new SelectionClaim(xevent.NewOwner, xevent.OwnedSince);
                unread = claim.Owner == 0 || IsOwn(claim) ? null : claim;
            }
            else
            {
                reader!.Handle(&xevent);
            }
        }
        _ = Connection.TakeError();
        Connection.ThrowIfLost();
    }

    /// <summary>Before the server has it, so that its news cannot come first.</summary>
    private void Own(SelectionClaim claim)
    {
        lock (gate)
        {
            if (ownClaims.Count == OwnClaimsKept) ownClaims.Dequeue();
            ownClaims.Enqueue(claim);
        }
    }

    private bool IsOwn(SelectionClaim claim)
    {
        lock (gate) return ownClaims.Contains(claim);
    }

    private bool AnswerIfWithdrawn()
    {
        if (!permit.Withdrawn.IsCancellationRequested) return false;
        try
        {
            permit.Demand();
        }
        catch (AccessRefusedException refusal)
        {
            call.TryFail(refusal);
        }
        return true;
    }

    private void OnWithdrawn()
    {
        AnswerIfWithdrawn();
        Wake();
    }
}

/// <summary>Who owns the clipboard, and since when by the server's clock.</summary>
internal readonly record struct SelectionClaim(nuint Owner, nuint Since);
