using System.Buffers;

namespace RemoteAccess.Transport;

/// <summary>What a record meant for its stream's message.</summary>
internal enum AssemblyStep
{
    /// <summary>More records of the message are to come.</summary>
    More,
    /// <summary>The message is complete.</summary>
    Complete,
    /// <summary>The sender called off the message that had begun.</summary>
    Abandoned,
}

/// <summary>
/// Puts the messages of one stream together. A message in one record is passed on without a copy; a longer one is gathered in a buffer
/// that grows with the bytes that came, never with the length announced. One thread at a time.
/// </summary>
internal sealed class MessageAssembly(StreamRule rule)
{
    /// <summary>The first buffer, in bytes.</summary>
    private const int FirstBuffer = 64 * 1024;

    /// <summary>A buffer up to this size is kept for the stream's next message; a larger one goes back when its message is used up.</summary>
    private const int KeptBuffer = 1024 * 1024;

    private byte[] buffer = [];
    private int total;

    /// <summary>Bytes of the unfinished message that have come.</summary>
    public int Gathered { get; private set; }

    private bool InMessage => total > 0;

    /// <summary>Takes a record's fragment. A completed message is lent until the next call of any member, or the end of the record's loan.</summary>
    /// <exception cref="ChannelException">The record does not continue the message, or the message is too long for its stream.</exception>
    public AssemblyStep Accept(int remaining, ReadOnlyMemory<byte> fragment, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (!InMessage)
        {
            if (remaining > rule.MaxMessage) throw new ChannelException(ChannelError.LimitExceeded, $"The peer announced a message of {remaining} bytes on stream {rule.Stream}; {rule.MaxMessage} are allowed.");
            if (fragment.Length == remaining)
            {
                message = fragment;
                return AssemblyStep.Complete;
            }
            total = remaining;
        }
        else if (remaining == 0)
        {
            EndMessage();
            return AssemblyStep.Abandoned;
        }
        else if (remaining != total - Gathered)
        {
            throw new ChannelException(ChannelError.Malformed, $"A record on stream {rule.Stream} says that {remaining} bytes are left where {total - Gathered} are.");
        }
        Append(fragment.Span);
        if (Gathered < total) return AssemblyStep.More;
        message = buffer.AsMemory(0, total);
        EndMessage();
        return AssemblyStep.Complete;
    }

    /// <summary>The last message was used up.</summary>
    public void ReleaseMessage()
    {
        if (!InMessage && buffer.Length > KeptBuffer) GiveBack();
    }

    private void EndMessage()
    {
        total = 0;
        Gathered = 0;
    }

    private void Append(ReadOnlySpan<byte> fragment)
    {
        int needed = Gathered + fragment.Length;
        if (needed > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(total, Math.Max(needed, Math.Max(FirstBuffer, 2 * buffer.Length))));
            buffer.AsSpan(0, Gathered).CopyTo(larger);
            GiveBack();
            buffer = larger;
        }
        fragment.CopyTo(buffer.AsSpan(Gathered));
        Gathered = needed;
    }

    /// <summary>Wiped: it held somebody's screen, files or clipboard, and the pool is the whole process's.</summary>
    private void GiveBack()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = [];
    }
}
