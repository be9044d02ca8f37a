using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The shared folders in one session. Each request is answered beside the receiving loop, which calls it, on a permit; each file is in the ledger before a byte of it goes, and again
/// with its hash when it went. Two files at once and one listing; what is more is refused.
/// </summary>
internal sealed class FileExchange : IAsyncDisposable
{
    public const int MaxTransfers = 2;

    /// <summary>Files of one session: each is two entries in the ledger.</summary>
    public const int MaxInSession = 1000;

    private const string Subject = "request for files";
    private const int EntriesInMessage = 200;
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(10);

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly SharedFiles files;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource over;
    private readonly Lock gate = new();
    private readonly Dictionary<uint, FileRun> running = [];
    private Task answering = Task.CompletedTask;
    private uint last;
    private int transfers;

    public FileExchange(MessageChannel messages, LiveSession session, FileSharing sharing, TimeProvider time, ILogger logger, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.time, this.logger) = (messages, session, time, logger);
        files = new SharedFiles(sharing);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    /// <summary>Takes a message of the technician's.</summary>
    /// <returns>False when it is not about files.</returns>
    /// <exception cref="ChannelException">It breaks the order, or cannot be.</exception>
    public async ValueTask<bool> TryReceiveAsync(ControlMessage message, CancellationToken cancellationToken)
    {
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.ListFiles:
                ListFiles list = message.ListFiles;
                await BeginAsync(list.Request, isListing: true, run => ListAsync(list.Folder, run), cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.ReadFile:
                ReadFile read = message.ReadFile;
                await BeginAsync(read.Request, isListing: false, run => ReadAsync(read.File, run), cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.WriteFile:
                WriteFile write = message.WriteFile;
                await BeginAsync(write.Request, isListing: false, run => WriteAsync(write, run), cancellationToken).ConfigureAwait(false);
                return true;
            case ControlMessage.KindOneofCase.EndFile:
                if (message.EndFile.Sha256.Length != FileMessage.HashBytes) throw new ChannelException(ChannelError.Malformed, "The end of a file has no hash.");
                Find(message.EndFile.Request)?.Told.TrySetResult(message.EndFile.Sha256.ToByteArray());
                return true;
            case ControlMessage.KindOneofCase.CancelFile:
                Stop(message.CancelFile.Request);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes content of the technician's. What comes for a request that is over by now is dropped.</summary>
    /// <param name="message">Lent until this returns.</param>
    /// <exception cref="AccessRefusedException">Nothing was asked for under that number.</exception>
    public void Receive(ReadOnlySpan<byte> message)
    {
        if (!session.Operations.HasFlag(Operations.TransferFiles)) throw new AccessRefusedException(RefusalReason.OperationNotGranted, operation: Operations.TransferFiles);
        if (!FileMessage.TryRead(message, out uint request, out ReadOnlySpan<byte> content) || request > last) throw new AccessRefusedException(RefusalReason.NotAcceptable, operation: Operations.TransferFiles);
        Find(request)?.Inbox?.Add(content);
    }

    /// <summary>Returns when nothing runs any more, and what had begun is removed and recorded.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await answering.ConfigureAwait(false);
        over.Dispose();
    }

    private FileRun? Find(uint request)
    {
        lock (gate) return running.GetValueOrDefault(request);
    }

    private void Stop(uint request)
    {
        // Under the lock, because a run is disposed once it is not among those that run.
        lock (gate) running.GetValueOrDefault(request)?.Stop();
    }

    private async ValueTask BeginAsync(uint request, bool isListing, Func<FileRun, Task<FileDone>> answer, CancellationToken cancellationToken)
    {
        if (request <= last) throw new ChannelException(ChannelError.OutOfOrder, "The number of a request for files was used before.");
        last = request;
        var run = new FileRun(request, isListing, time, over.Token);
        RefusalReason refusal = TryAdd(run);
        if (refusal != RefusalReason.None)
        {
            run.Dispose();
            await RefuseAsync(request, refusal, cancellationToken).ConfigureAwait(false);
            return;
        }
        answering = Task.WhenAll(answering, SessionWork.Begin(session, () => RunAsync(run, answer)));
    }

    private RefusalReason TryAdd(FileRun run)
    {
        lock (gate)
        {
            if (running.Values.Count(other => other.IsListing == run.IsListing) >= (run.IsListing ? 1 : MaxTransfers)) return RefusalReason.Busy;
            if (!run.IsListing && ++transfers > MaxInSession) return RefusalReason.LimitReached;
            running.Add(run.Request, run);
            return RefusalReason.None;
        }
    }

    private async Task RunAsync(FileRun run, Func<FileRun, Task<FileDone>> answer)
    {
        try
        {
            FileDone done = new();
            RefusalReason refusal = RefusalReason.None;
            try
            {
                done = await answer(run).ConfigureAwait(false);
            }
            catch (Exception error) when (IsExpected(error))
            {
                refusal = ReasonOf(error, null);
            }
            Remove(run);
            // When the session ends the farewell says why, and no refusal.
            if (session.EndReason != RefusalReason.None || over.IsCancellationRequested) return;
            done.Request = run.Request;
            if (refusal == RefusalReason.None) await messages.SendAsync(new ControlMessage { FileDone = done }, over.Token).ConfigureAwait(false);
            else await RefuseAsync(run.Request, refusal, over.Token).ConfigureAwait(false);
        }
        finally
        {
            Remove(run);
            run.Dispose();
        }
    }

    private void Remove(FileRun run)
    {
        lock (gate) running.Remove(run.Request);
        run.Inbox?.Close();
    }

    private async Task<FileDone> ListAsync(ulong folder, FileRun run)
    {
        OperationPermit permit = await PermitAsync(run.Stopped).ConfigureAwait(false);
        using CancellationTokenSource clock = run.Clock();
        using var going = CancellationTokenSource.CreateLinkedTokenSource(run.Stopped, permit.Withdrawn, clock.Token);
        IReadOnlyList<SharedEntry> entries = files.List(folder, out bool isCut);
        byte[] message = FileMessage.Buffer(run.Request);
        try
        {
            foreach (SharedEntry[] some in entries.Chunk(EntriesInMessage))
            {
                var listing = new FileListing();
                listing.Entries.AddRange(some.Select(static entry => new FileEntry
                {
                    Id = entry.Id, Name = entry.Name, Size = (ulong)entry.Size, ModifiedUnixMs = entry.Modified.ToUnixTimeMilliseconds(), IsFolder = entry.IsFolder, IsReadOnly = entry.IsReadOnly,
                }));
                int length = listing.CalculateSize();
                listing.WriteTo(message.AsSpan(FileMessage.HeaderBytes, length));
                permit.Demand();
                await messages.SendAsync(MessageStream.Files, message.AsMemory(0, FileMessage.HeaderBytes + length), going.Token).ConfigureAwait(false);
                clock.CancelAfter(FileRun.Patience);
            }
        }
        catch (OperationCanceledException error)
        {
            throw new AccessRefusedException(ReasonOf(error, permit), operation: Operations.TransferFiles);
        }
        return new FileDone { Cut = isCut };
    }

    private async Task<FileDone> ReadAsync(ulong id, FileRun run)
    {
        OperationPermit permit = await PermitAsync(run.Stopped).ConfigureAwait(false);
        using OpenedFile file = await OpenAsync(id, run.Stopped).ConfigureAwait(false);
        var transfer = new FileTransfer(IsToComputer: false, file.Label, file.Length);
        return await RecordedAsync(transfer, run, permit, async () =>
        {
            var opened = new FileOpened { Request = run.Request, Name = file.Name, Size = (ulong)file.Length, ModifiedUnixMs = file.Modified.ToUnixTimeMilliseconds() };
            await messages.SendAsync(new ControlMessage { FileOpened = opened }, run.Stopped).ConfigureAwait(false);
            return await new FileSending(messages, permit, run, () => files.DemandShared(id)).SendAsync(file).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task<FileDone> WriteAsync(WriteFile write, FileRun run)
    {
        OperationPermit permit = await PermitAsync(run.Stopped).ConfigureAwait(false);
        using FilePart part = files.Create(write.Folder, write.Name, write.Size, write.Replace);
        var transfer = new FileTransfer(IsToComputer: true, part.Label, (long)write.Size);
        return await RecordedAsync(transfer, run, permit, async () =>
        {
            run.Inbox = new FileInbox(messages);
            await messages.SendAsync(new ControlMessage { FileOpened = new FileOpened { Request = run.Request } }, run.Stopped).ConfigureAwait(false);
            return await new FileSending(messages, permit, run, () => files.DemandShared(write.Folder)).TakeAsync(part, transfer.Size, write.Replace, () => files.HasRoom(write.Folder, 0)).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Between its two entries in the ledger.</summary>
    private async Task<FileDone> RecordedAsync(FileTransfer transfer, FileRun run, OperationPermit permit, Func<Task<byte[]>> go)
    {
        using IDisposable entry = session.Tools.Begin(Operations.TransferFiles);
        await session.Tools.RecordFileBegunAsync(transfer).ConfigureAwait(false);
        byte[] hash = [];
        RefusalReason outcome = RefusalReason.None;
        try
        {
            permit.Demand();
            hash = await go().ConfigureAwait(false);
        }
        catch (Exception error) when (IsExpected(error) || error is ChannelException)
        {
            outcome = ReasonOf(error, permit);
        }
        await session.Tools.RecordFileEndedAsync(transfer, outcome, run.Bytes, hash).ConfigureAwait(false);
        return outcome == RefusalReason.None ? new FileDone { Sha256 = ByteString.CopyFrom(hash) } : throw new AccessRefusedException(outcome, operation: Operations.TransferFiles);
    }

    private async Task<OpenedFile> OpenAsync(ulong id, CancellationToken token)
    {
        Task<OpenedFile> opening = Task.Run(() => files.OpenRead(id), CancellationToken.None);
        try
        {
            return await opening.WaitAsync(OpeningLimit, time, token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            _ = opening.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw new AccessRefusedException(RefusalReason.BrokenOff, operation: Operations.TransferFiles);
        }
    }

    private async ValueTask<OperationPermit> PermitAsync(CancellationToken token)
    {
        OperationPermit held = await session.PermitAsync(Operations.TransferFiles, token).ConfigureAwait(false);
        return files.IsEmpty ? throw new AccessRefusedException(RefusalReason.NotAvailable, operation: Operations.TransferFiles) : held;
    }

    private static bool IsExpected(Exception error) => error is AccessRefusedException or IOException or UnauthorizedAccessException or OperationCanceledException;

    private RefusalReason ReasonOf(Exception error, OperationPermit? permit)
    {
        switch (error)
        {
            case AccessRefusedException refusal:
                return refusal.Reason;
            case OperationCanceledException or ChannelException:
                return permit?.WhyDead is { } why and not RefusalReason.None ? why : session.EndReason is not RefusalReason.None and var end ? end : RefusalReason.BrokenOff;
            case FileNotFoundException or DirectoryNotFoundException:
                return RefusalReason.FileGone;
            case IOException full when FileFault.Explain("", full).Error == StateError.DiskFull:
                return RefusalReason.NoRoom;
            default:
                LogMessages.FileFailed(logger, error);
                return RefusalReason.NotAvailable;
        }
    }

    private async ValueTask RefuseAsync(uint request, RefusalReason reason, CancellationToken token)
    {
        await session.RecordRefusalAsync(Operations.TransferFiles, reason, Subject).ConfigureAwait(false);
        await messages.SendAsync(new ControlMessage { FileDone = new FileDone { Request = request, Reason = (uint)reason } }, token).ConfigureAwait(false);
    }
}
