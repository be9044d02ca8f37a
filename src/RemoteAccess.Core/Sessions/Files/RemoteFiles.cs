using System.Security.Cryptography;
using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>
/// The folders that the customer shares. Needs <see cref="Operations.TransferFiles"/>. Nothing is addressed by a path: what was listed has an id. The computer does one listing and two
/// transfers at once, and a transfer that broke is begun anew. Thread-safe.
/// </summary>
public sealed class RemoteFiles
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(2);

    private readonly MessageChannel messages;
    private readonly Lock gate = new();
    private readonly Dictionary<uint, FileCall> calls = [];
    private uint last;
    private Exception? closed;

    internal RemoteFiles(MessageChannel messages) => this.messages = messages;

    /// <summary>What is in a folder.</summary>
    /// <param name="folder">Its id; 0 for the shared folders themselves.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AccessRefusedException">It is not listed, with the rule.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<RemoteFolder> ListAsync(long folder = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(folder);
        FileCall call = await AskAsync(inbox: null, isListing: true, request => new ControlMessage { ListFiles = new ListFiles { Request = request, Folder = (ulong)folder } }, cancellationToken).ConfigureAwait(false);
        return await RunAsync(call, async () =>
        {
            FileDone done = await call.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new RemoteFolder(call.Entries, done.Cut);
        }).ConfigureAwait(false);
    }

    /// <summary>Fetches a file.</summary>
    /// <param name="file">Its id.</param>
    /// <param name="to">Gets the content. What it got is worth something only when this returns: write it elsewhere first.</param>
    /// <param name="progress">Told at each piece.</param>
    /// <param name="cancellationToken">Has the computer stop.</param>
    /// <exception cref="AccessRefusedException">It is not sent, or not further, with the rule; <see cref="RefusalReason.FileDamaged"/> when it is not the file that the computer read.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<TransferredFile> DownloadAsync(long file, Stream to, IProgress<FileProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(file);
        ArgumentNullException.ThrowIfNull(to);
        FileCall call = await AskAsync(new FileInbox(messages), isListing: false, request => new ControlMessage { ReadFile = new ReadFile { Request = request, File = (ulong)file } }, cancellationToken).ConfigureAwait(false);
        return await RunAsync(call, async () =>
        {
            FileOpened opened = await call.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[FileMessage.ContentBytes];
            var at = new FileProgress(0, (long)opened.Size);
            while (at.Bytes < at.Size)
            {
                int read = await call.Inbox!.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                hash.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                call.Inbox.Consume(read);
                at = at with { Bytes = at.Bytes + read };
                progress?.Report(at);
            }
            FileDone done = await call.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
            byte[] found = hash.GetHashAndReset();
            return done.Sha256.Span.SequenceEqual(found) ? new TransferredFile(opened.Name, at.Size, found) : throw new AccessRefusedException(RefusalReason.FileDamaged, operation: Operations.TransferFiles);
        }).ConfigureAwait(false);
    }

    /// <summary>Puts a file into a folder. It has its name there once it is whole, checked and on the disk; before, and when it breaks off, there is nothing of it.</summary>
    /// <param name="folder">The folder's id.</param>
    /// <param name="name">One name, without a path: such as a file may have on every system, at most 255 bytes of UTF-8.</param>
    /// <param name="from">The content, from where it stands to its end, which must be known.</param>
    /// <param name="replace">In the place of a file of that name, if there is one; else that is refused.</param>
    /// <param name="progress">Told at each piece.</param>
    /// <param name="cancellationToken">Has the computer remove what it has.</param>
    /// <exception cref="ArgumentException">Not such a name, or a stream without a length.</exception>
    /// <exception cref="AccessRefusedException">It is not taken, with the rule.</exception>
    /// <exception cref="IOException">The content ended early.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<TransferredFile> UploadAsync(long folder, string name, Stream from, bool replace = false, IProgress<FileProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(folder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(from);
        if (!FileNames.IsAcceptable(name)) throw new ArgumentException($"'{name}' is not a name that a file may have on every system.", nameof(name));
        if (!from.CanSeek) throw new ArgumentException("The length of the content must be known.", nameof(from));
        var at = new FileProgress(0, from.Length - from.Position);
        var write = new WriteFile { Folder = (ulong)folder, Name = name, Size = (ulong)at.Size, Replace = replace };
        FileCall call = await AskAsync(inbox: null, isListing: false, request =>
        {
            write.Request = request;
            return new ControlMessage { WriteFile = write };
        }, cancellationToken).ConfigureAwait(false);
        return await RunAsync(call, async () =>
        {
            await call.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
            byte[] found = await SendAsync(call, from, at, progress, cancellationToken).ConfigureAwait(false);
            FileDone done = await call.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
            return done.Sha256.Span.SequenceEqual(found) ? new TransferredFile(name, at.Size, found) : throw new AccessRefusedException(RefusalReason.FileDamaged, operation: Operations.TransferFiles);
        }).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">Nothing was asked for, or it cannot be.</exception>
    internal void Deliver(ReadOnlySpan<byte> message)
    {
        if (!FileMessage.TryRead(message, out uint request, out ReadOnlySpan<byte> content)) throw new ChannelException(ChannelError.Malformed, "The computer sent something on the files stream that is no content.");
        Find(request).Deliver(content);
    }

    /// <inheritdoc cref="Deliver(ReadOnlySpan{byte})"/>
    internal void Deliver(FileOpened answer) => Find(answer.Request).Deliver(answer);

    /// <inheritdoc cref="Deliver(ReadOnlySpan{byte})"/>
    internal void Deliver(FileDone answer)
    {
        FileCall call = Find(answer.Request);
        call.Deliver(answer);
        lock (gate) calls.Remove(answer.Request);
    }

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception reason)
    {
        FileCall[] open;
        lock (gate)
        {
            closed = reason;
            open = [.. calls.Values];
            calls.Clear();
        }
        foreach (FileCall call in open) call.Fail(reason);
    }

    private FileCall Find(uint request)
    {
        lock (gate) return calls.GetValueOrDefault(request) ?? throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a request for files that was not made.");
    }

    private async Task<FileCall> AskAsync(FileInbox? inbox, bool isListing, Func<uint, ControlMessage> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileCall call;
        Task sending;
        // Requests leave in the order of their numbers: in that of the calls.
        lock (gate)
        {
            if (closed is not null) throw closed;
            call = new FileCall(++last, inbox, isListing);
            calls.Add(call.Request, call);
            sending = messages.SendAsync(ask(call.Request), CancellationToken.None).AsTask();
        }
        await sending.ConfigureAwait(false);
        return call;
    }

    /// <summary>However it ends, the computer stops, and what still comes is dropped.</summary>
    private async Task<T> RunAsync<T>(FileCall call, Func<Task<T>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        finally
        {
            call.Inbox?.Close();
            if (!call.Done.IsCompleted) await CancelAsync(call).ConfigureAwait(false);
        }
    }

    /// <summary>Waits a moment for the computer to have stopped: until then it counts the transfer, and would refuse another as one too many.</summary>
    private async ValueTask CancelAsync(FileCall call)
    {
        try
        {
            await messages.SendAsync(new ControlMessage { CancelFile = new CancelFile { Request = call.Request } }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The session is over, and the transfer with it.
            return;
        }
        await ((Task)call.Done).WaitAsync(StopsWithin, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<byte[]> SendAsync(FileCall call, Stream from, FileProgress at, IProgress<FileProgress>? progress, CancellationToken cancellationToken)
    {
        using var going = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] message = FileMessage.Buffer(call.Request);
        call.SendWith(going);
        try
        {
            while (at.Bytes < at.Size)
            {
                int read = await from.ReadAsync(message.AsMemory(FileMessage.HeaderBytes, (int)Math.Min(FileMessage.ContentBytes, at.Size - at.Bytes)), going.Token).ConfigureAwait(false);
                if (read == 0) throw new EndOfStreamException("The content ended before its length.");
                hash.AppendData(message, FileMessage.HeaderBytes, read);
                await messages.SendAsync(MessageStream.Files, message.AsMemory(0, FileMessage.HeaderBytes + read), going.Token).ConfigureAwait(false);
                at = at with { Bytes = at.Bytes + read };
                progress?.Report(at);
            }
            byte[] found = hash.GetHashAndReset();
            await messages.SendAsync(new ControlMessage { EndFile = new EndFile { Request = call.Request, Sha256 = ByteString.CopyFrom(found) } }, going.Token).ConfigureAwait(false);
            return found;
        }
        catch (OperationCanceledException) when (call.Done.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            // The computer's answer says why it takes no more.
            await call.Done.ConfigureAwait(false);
            throw;
        }
        finally
        {
            call.SendWith(null);
        }
    }
}
