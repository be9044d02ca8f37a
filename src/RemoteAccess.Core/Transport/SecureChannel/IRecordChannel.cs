namespace RemoteAccess.Transport;

/// <summary>
/// Application records over an established channel: what the messages of §7 stand on. One reader and one writer at a time; reading and
/// writing may run side by side.
/// </summary>
internal interface IRecordChannel : IAsyncDisposable
{
    /// <summary>The most bytes of one record's content: 16 KiB and the message header.</summary>
    const int MaxContent = 16 * 1024 + 4;

    /// <summary>Writes one record; completes when the link has room for the next (back-pressure). Allocates nothing on the steady path.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads one record's content, valid until the next read. Empty after the peer's authenticated close.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Truncated"/> when the link ended without a close.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Says the authenticated close; nothing can be written afterwards.</summary>
    ValueTask CloseAsync(CancellationToken cancellationToken);
}
