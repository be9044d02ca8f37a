using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The seam to the clipboard of the session in front of the customer: text only. Thread-safe.</summary>
public interface IClipboard
{
    /// <summary>Begins to watch and to use it. Each open access is independent; disposing it changes nothing on the clipboard.</summary>
    /// <param name="permit">A live permit for <see cref="Operations.Clipboard"/>, to be asked at each use.</param>
    /// <param name="cancellationToken">Cancels the opening only.</param>
    /// <exception cref="DesktopException">There is no usable clipboard.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    ValueTask<IClipboardAccess> OpenAsync(OperationPermit permit, CancellationToken cancellationToken);
}

/// <summary>The clipboard, for as long as it is permitted. Lines end with a line feed. One reader and one writer at a time.</summary>
public interface IClipboardAccess : IAsyncDisposable
{
    /// <summary>
    /// Waits for the next text that the customer's programs put on the clipboard, and gives the newest. Not what was there before it was opened; not what <see cref="SetAsync"/> put
    /// there; not what a program marked as not to be passed on, as password managers do; not text longer than <see cref="ClipboardText.MaxBytes"/>.
    /// </summary>
    /// <exception cref="DesktopException">The clipboard cannot be read any more.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    ValueTask<string> NextAsync(CancellationToken cancellationToken);

    /// <summary>Puts a text there.</summary>
    /// <param name="text">1 to <see cref="ClipboardText.MaxBytes"/> bytes of UTF-8 without U+0000.</param>
    /// <param name="cancellationToken">Cancels the wait for the clipboard.</param>
    /// <exception cref="DesktopException">Another program keeps the clipboard.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    ValueTask SetAsync(string text, CancellationToken cancellationToken);
}
