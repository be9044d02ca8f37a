using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// What the person pastes into a line: the text on the clipboard, once. Another program may keep the clipboard open, or make the text only now and take its time, so it is read on a thread of its own, and never on the
/// one that draws: Windows gives no way to end such a wait. What a password manager marked stays where it is.
/// </summary>
/// <param name="time">For the patience.</param>
internal sealed class PastedText(TimeProvider time) : DesktopThread("RemoteAccess paste")
{
    private const int RetryMilliseconds = 10;

    private readonly TaskCompletionSource<string?> read = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="time">For the patience.</param>
    /// <param name="take">Gets the text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Hands it on; does nothing when there is no text, or none that comes.</returns>
    public static async Task<Action> ReadAsync(TimeProvider time, Action<string> take, CancellationToken cancellationToken)
    {
        var paste = new PastedText(time);
        await paste.StartAsync(cancellationToken).ConfigureAwait(false);
        await using (paste.ConfigureAwait(false))
        {
            string? text = await paste.read.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return () => take(text ?? "");
        }
    }

    protected override void Prepare() { }

    protected override void Work()
    {
        long start = time.GetTimestamp();
        while (User32Clipboard.OpenClipboard(0) == 0)
        {
            if (IsStopping || time.GetElapsedTime(start) >= ClipboardWindow.Patience) return;
            _ = Signal.Wait(RetryMilliseconds);
        }
        try
        {
            read.TrySetResult(ClipboardMemory.Read());
        }
        finally
        {
            _ = User32Clipboard.CloseClipboard();
        }
    }

    protected override void Fail(Exception error) => read.TrySetResult(null);

    protected override void CleanUp() => read.TrySetResult(null);
}
