using System.Collections.Concurrent;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Owns the clipboard once a text was put there, and gives it to every program that asks, until another one copies something. On a connection and thread of its own: who asks waits for nobody.
/// </summary>
internal sealed unsafe class ClipboardOwner(string? displayName) : DisplayThread(displayName, "RemoteAccess X11 clipboard owner")
{
    private readonly ConcurrentQueue<Offer> offers = new();
    private ClipboardAtoms? atoms;
    private PieceTransfers? transfers;
    private SelectionAnswers? answers;
    private nuint window;
    private Exception? failure;

    private sealed record Offer(string Text, OperationPermit Permit, Action<SelectionClaim> Claiming, TaskCompletionSource Done, CancellationToken Cancel);

    /// <summary>Puts a text there.</summary>
    /// <param name="text">Can travel.</param>
    /// <param name="permit">Asked at the last moment.</param>
    /// <param name="claiming">Called on the thread before anybody can see the text.</param>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <exception cref="DesktopException">Another program keeps the clipboard, or the display is lost.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    public Task OfferAsync(string text, OperationPermit permit, Action<SelectionClaim> claiming, CancellationToken cancellationToken)
    {
        var offer = new Offer(text, permit, claiming, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        offers.Enqueue(offer);
        // The thread may have ended in between.
        if (Volatile.Read(ref failure) is { } error) Drop(error);
        Wake();
        return offer.Done.Task.WaitAsync(cancellationToken);
    }

    protected override void Prepare()
    {
        window = LibX11Selection.CreateWindow(Connection, LibX11Selection.PropertyChangeMask);
        atoms = new ClipboardAtoms(Connection);
        transfers = new PieceTransfers(Connection, atoms);
        answers = new SelectionAnswers(Connection, atoms, transfers);
        _ = Connection.Sync();
    }

    protected override void Work()
    {
        while (!IsStopping)
        {
            ReadEvents();
            while (offers.TryDequeue(out Offer? offer)) Claim(offer);
            WaitForActivity(transfers!.DropSilent());
        }
    }

    protected override void Fail(Exception error)
    {
        Volatile.Write(ref failure, error);
        Drop(error);
    }

    protected override void CleanUp()
    {
        Exception ended = new DesktopException(DesktopError.DisplayLost, "The desktop is not shared any more.");
        _ = Interlocked.CompareExchange(ref failure, ended, null);
        Drop(ended);
    }

    private void ReadEvents()
    {
        XEvent xevent;
        while (LibX11.XPending(Connection.Display) > 0)
        {
            _ = LibX11.XNextEvent(Connection.Display, &xevent);
            switch (xevent.Type)
            {
                // Its own window must keep its own events.
                case LibX11Selection.SelectionRequest when xevent.Window == window && xevent.Requestor != window && xevent.RequestSelection == atoms!.Clipboard:
                    answers!.Answer(&xevent);
                    break;
                // It may be older than a claim that came after it.
                case LibX11Selection.SelectionClear when xevent.AnswerSelection == atoms!.Clipboard && LibX11Window.XGetSelectionOwner(Connection.Display, atoms.Clipboard) != window:
                    answers!.Forget();
                    break;
                case LibX11Selection.PropertyNotify when xevent.PropertyState == LibX11Selection.PropertyDeleted:
                    transfers!.GoOn(xevent.Window, xevent.PropertyName);
                    break;
                case LibX11Window.DestroyNotify:
                    transfers!.Drop(xevent.Window);
                    break;
            }
            // Whoever asked may be gone.
            _ = Connection.TakeError();
        }
        Connection.ThrowIfLost();
    }

    private void Claim(Offer offer)
    {
        try
        {
            nuint now = Now();
            offer.Cancel.ThrowIfCancellationRequested();
            offer.Permit.Demand();
            offer.Claiming(new SelectionClaim(window, now));
            answers!.Offer(Encoding.UTF8.GetBytes(offer.Text), now);
            _ = LibX11Selection.XSetSelectionOwner(Connection.Display, atoms!.Clipboard, window, now);
            nuint owner = LibX11Window.XGetSelectionOwner(Connection.Display, atoms.Clipboard);
            Connection.ThrowIfLost();
            if (owner != window)
            {
                answers.Forget();
                throw new DesktopException(DesktopError.NoDisplay, "Another program keeps the clipboard. Try again.");
            }
            offer.Done.TrySetResult();
        }
        catch (Exception error)
        {
            offer.Done.TrySetException(error);
            Connection.ThrowIfLost();
        }
    }

    /// <summary>The server's time, by a change of nothing.</summary>
    private nuint Now()
    {
        byte nothing = 0;
        _ = LibX11.XChangeProperty(Connection.Display, window, atoms!.Timestamp, LibX11Selection.AtomInteger, 32, LibX11.PropertyReplace, &nothing, 0);
        _ = Connection.Sync();
        XEvent change = default;
        nuint now = 0;
        while (LibX11Selection.XCheckTypedWindowEvent(Connection.Display, window, LibX11Selection.PropertyNotify, &change) != 0) now = change.PropertyTime;
        return now;
    }

    private void Drop(Exception error)
    {
        while (offers.TryDequeue(out Offer? offer)) offer.Done.TrySetException(error);
    }
}
