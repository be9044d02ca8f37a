using System.Collections.Concurrent;
using System.Threading.Channels;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// One use of the clipboard: a window for messages alone, on a thread of its own, that Windows tells of each change (<c>AddClipboardFormatListener</c>). Another program that has the
/// clipboard open is waited for, up to <see cref="Patience"/>.
/// </summary>
internal sealed class ClipboardWindow(Permission permit, TimeProvider time) : DesktopThread("RemoteAccess clipboard"), IClipboardAccess
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const int MostAtOnce = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200), Retry = TimeSpan.FromMilliseconds(10);

    private readonly Channel<string> copied = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ConcurrentQueue<(string Text, TaskCompletionSource Done, CancellationToken Cancel)> wanted = new();
    private OwnWindow? window;
    private uint ownChange;
    private bool hasChanged;
    private Exception? failure;

    public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        permit.Demand();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, permit.Withdrawn);
        try
        {
            string text = await copied.Reader.ReadAsync(either.Token).ConfigureAwait(false);
            permit.Demand();
            return text;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            permit.Demand();
            throw;
        }
        catch (ChannelClosedException closed)
        {
            throw new DesktopException(DesktopError.DisplayLost, "The clipboard is not watched any more.", closed.InnerException);
        }
    }

    public async ValueTask SetAsync(string text, CancellationToken cancellationToken)
    {
        if (!ClipboardText.CanTravel(text)) throw new ArgumentException("This text cannot be put on the clipboard.", nameof(text));
        permit.Demand();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        wanted.Enqueue((text, done, cancellationToken));
        if (Volatile.Read(ref failure) is { } error) throw new DesktopException(DesktopError.DisplayLost, "The clipboard is not at hand any more.", error);
        Wake();
        await done.Task.ConfigureAwait(false);
    }

    protected override void Prepare()
    {
        window = new OwnWindow("", default, 0, 0, Handle);
        _ = User32Clipboard.SetParent(window.Handle, User32Clipboard.MessageOnly);
        if (User32Clipboard.AddClipboardFormatListener(window.Handle) == 0)
            throw new DesktopException(DesktopError.MissingExtension, $"Windows does not tell of the clipboard (error {System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}).");
        ownChange = User32Clipboard.GetClipboardSequenceNumber();
    }

    protected override unsafe void Work()
    {
        while (!IsStopping)
        {
            ThreadMessage message;
            for (int i = 0; i < MostAtOnce && User32Message.PeekMessage(&message, 0, 0, 0, User32Message.Remove) != 0; i++) _ = User32Message.DispatchMessage(&message);
            window?.ThrowIfFailed();
            if (permit.Withdrawn.IsCancellationRequested) hasChanged = false;
            if (hasChanged) Read();
            while (wanted.TryDequeue(out (string Text, TaskCompletionSource Done, CancellationToken Cancel) want)) Put(want.Text, want.Done, want.Cancel);
            Signal.WaitForMessages(Tick);
        }
    }

    protected override void Fail(Exception error)
    {
        Volatile.Write(ref failure, error);
        copied.Writer.TryComplete(error);
        Drop(error);
    }

    protected override void CleanUp()
    {
        Exception ended = new DesktopException(DesktopError.DisplayLost, "The clipboard is not watched any more.");
        Interlocked.CompareExchange(ref failure, ended, null);
        copied.Writer.TryComplete();
        Drop(ended);
        if (window is null) return;
        _ = User32Clipboard.RemoveClipboardFormatListener(window.Handle);
        window.Dispose();
    }

    private nint? Handle(uint message, nuint first, nint second)
    {
        if (message != User32Clipboard.Update) return null;
        hasChanged = true;
        return 0;
    }

    /// <summary>Anybody can say that it changed; the number says whether, and whether it was this window.</summary>
    private void Read()
    {
        hasChanged = false;
        if (User32Clipboard.GetClipboardSequenceNumber() == ownChange || !TryOpen(CancellationToken.None)) return;
        string? text;
        try
        {
            ownChange = User32Clipboard.GetClipboardSequenceNumber();
            text = permit.Withdrawn.IsCancellationRequested ? null : ClipboardMemory.Read();
        }
        finally
        {
            _ = User32Clipboard.CloseClipboard();
        }
        if (text is not null) copied.Writer.TryWrite(text);
    }

    private void Put(string text, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        try
        {
            permit.Demand();
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryOpen(cancellationToken)) throw new DesktopException(DesktopError.NoDisplay, "Another program keeps the clipboard. Try again.");
            try
            {
                // It may have taken a while.
                permit.Demand();
                ClipboardMemory.Write(text);
                ownChange = User32Clipboard.GetClipboardSequenceNumber();
            }
            finally
            {
                _ = User32Clipboard.CloseClipboard();
            }
            // Closing may count as a change of its own.
            ownChange = User32Clipboard.GetClipboardSequenceNumber();
            done.TrySetResult();
        }
        catch (Exception error)
        {
            done.TrySetException(error);
        }
    }

    private bool TryOpen(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (User32Clipboard.OpenClipboard(window?.Handle ?? 0) == 0)
        {
            if (IsStopping || cancellationToken.IsCancellationRequested || time.GetElapsedTime(start) >= Patience) return false;
            _ = Signal.Wait((int)Retry.TotalMilliseconds);
        }
        return true;
    }

    private void Drop(Exception error)
    {
        while (wanted.TryDequeue(out (string Text, TaskCompletionSource Done, CancellationToken Cancel) want)) want.Done.TrySetException(error);
    }
}
