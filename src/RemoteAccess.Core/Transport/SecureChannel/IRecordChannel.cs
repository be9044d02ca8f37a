namespace RemoteAccess.Transport;

/// <summary>
/// Application records over an established channel: what the messages of §7 stand on. One reader and one writer at a time; reading and
/// writing may run side by side.
/// </summary>
internal interface IRecordChannel : IAsyncDisposable
{
    /// <summary>The most bytes of one record's content: 16 KiB and the message header.</summary>
    const int MaxContent = 16 * 1024 + 4;

    /// <summary>What records with input are padded to.</summary>
    const int InputPadding = 64;

    /// <summary>
    /// Writes one record of 1 to <see cref="MaxContent"/> bytes; completes when the link has room for the next (back-pressure). Cancelling
    /// ends the waiting, not the record: it has been queued. Allocates nothing on the steady path.
    /// </summary>
    /// <exception cref="ChannelException">Closed: by this side. OutOfOrder: the computer has not answered yet. Truncated: the link is gone.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// The same, with the record's inside padded to a multiple of <paramref name="padTo"/> bytes, 1 to 256, so that its length says less.
    /// Input records use <see cref="InputPadding"/>.
    /// </summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken);

    /// <summary>Reads one record's content, valid until the next read. Empty after the peer's authenticated close.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Truncated"/> when the link ended without a close.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Says the authenticated close and ends the sending direction; nothing can be written afterwards. A peer that has closed may be gone
    /// already; that is no error.
    /// </summary>
    ValueTask CloseAsync(CancellationToken cancellationToken);
}
