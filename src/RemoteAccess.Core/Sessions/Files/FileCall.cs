using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>The technician's end of one request for files: what the computer may answer to it, and in which order.</summary>
internal sealed class FileCall(uint request, FileInbox? inbox, bool isListing)
{
    private readonly TaskCompletionSource<FileOpened> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<FileDone> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly List<RemoteFile> entries = [];
    private CancellationTokenSource? sending;
    private long received;

    public uint Request => request;

    public FileInbox? Inbox => inbox;

    public Task<FileOpened> Opened => opened.Task;

    public Task<FileDone> Done => done.Task;

    /// <summary>What was listed; once it is done.</summary>
    public IReadOnlyList<RemoteFile> Entries => entries;

    /// <exception cref="ChannelException">Content that cannot be.</exception>
    public void Deliver(ReadOnlySpan<byte> content)
    {
        if (isListing)
        {
            List(content);
            return;
        }
        if (inbox is null || !opened.Task.IsCompletedSuccessfully) throw new ChannelException(ChannelError.OutOfOrder, "The computer sent content that was not asked for.");
        received += content.Length;
        if (received > (long)opened.Task.Result.Size) throw new ChannelException(ChannelError.Malformed, "The computer sent more of a file than it said there was.");
        inbox.Add(content);
    }

    /// <exception cref="ChannelException">It cannot be.</exception>
    public void Deliver(FileOpened answer)
    {
        bool isRead = inbox is not null;
        if (isListing || (isRead ? !FileNames.IsAcceptable(answer.Name) || answer.Size > long.MaxValue || !IsTime(answer.ModifiedUnixMs) : answer.Name.Length > 0 || answer.Size > 0) || !opened.TrySetResult(answer))
            throw new ChannelException(ChannelError.Malformed, "The computer's answer to a request for a file cannot be.");
    }

    /// <exception cref="ChannelException">It cannot be.</exception>
    public void Deliver(FileDone answer)
    {
        if (answer.Reason != 0)
        {
            Fail(new AccessRefusedException(answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable, operation: Operations.TransferFiles));
            return;
        }
        bool isWhole = isListing || (opened.Task.IsCompletedSuccessfully && answer.Sha256.Length == SHA256.HashSizeInBytes && (inbox is null || received == (long)opened.Task.Result.Size));
        if (!isWhole) throw new ChannelException(ChannelError.Malformed, "The computer says that a file is whole, and it is not.");
        done.TrySetResult(answer);
        inbox?.End(null);
        StopSending();
    }

    /// <summary>There is no other answer.</summary>
    public void Fail(Exception reason)
    {
        opened.TrySetException(reason);
        done.TrySetException(reason);
        // Whoever waits for one may have stopped waiting for the other.
        _ = opened.Task.Exception;
        _ = done.Task.Exception;
        inbox?.End(reason);
        StopSending();
    }

    /// <summary>What is cancelled when there is an answer, so that nothing more is sent; null once that is over.</summary>
    public void SendWith(CancellationTokenSource? stop)
    {
        lock (gate) sending = stop;
        if (done.Task.IsCompleted) StopSending();
    }

    private void StopSending()
    {
        lock (gate) sending?.Cancel();
    }

    private void List(ReadOnlySpan<byte> content)
    {
        if (!WireShape.IsSound(content, FileListing.Descriptor)) throw NotAListing();
        FileListing listing;
        try
        {
            listing = FileListing.Parser.ParseFrom(content);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            throw NotAListing();
        }
        if (entries.Count + listing.Entries.Count > SharedFiles.MaxEntries) throw NotAListing();
        foreach (FileEntry entry in listing.Entries)
        {
            if (entry.Id is 0 or > long.MaxValue || entry.Size > long.MaxValue || !FileNames.IsAcceptable(entry.Name) || !IsTime(entry.ModifiedUnixMs)) throw NotAListing();
            entries.Add(new RemoteFile((long)entry.Id, entry.Name, (long)entry.Size, DateTimeOffset.FromUnixTimeMilliseconds(entry.ModifiedUnixMs), entry.IsFolder, entry.IsReadOnly));
        }
    }

    private static bool IsTime(long unixMs) => unixMs >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && unixMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static ChannelException NotAListing() => new(ChannelError.Malformed, "The computer's listing of a folder cannot be.");
}
