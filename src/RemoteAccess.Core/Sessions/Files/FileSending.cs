using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>A file's content to the technician and back: on the permit at every piece, and only while its folder is shared; hashed as it goes.</summary>
internal sealed class FileSending(MessageChannel messages, OperationPermit permit, FileRun run, Action demandShared)
{
    private const int BytesBetweenLooks = 4 * 1024 * 1024;

    /// <summary>Sends the whole file.</summary>
    /// <returns>Its hash.</returns>
    /// <exception cref="OperationCanceledException">Withdrawn, stopped, or nothing moved; the piece that was on its way is abandoned.</exception>
    public async Task<byte[]> SendAsync(OpenedFile file)
    {
        using CancellationTokenSource clock = run.Clock();
        using var going = CancellationTokenSource.CreateLinkedTokenSource(run.Stopped, permit.Withdrawn, clock.Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] message = FileMessage.Buffer(run.Request);
        while (run.Bytes < file.Length)
        {
            int wanted = (int)Math.Min(FileMessage.ContentBytes, file.Length - run.Bytes);
            int read = file.Read(message.AsSpan(FileMessage.HeaderBytes, wanted), run.Bytes);
            if (read == 0) throw new AccessRefusedException(RefusalReason.FileDamaged, operation: Operations.TransferFiles);
            hash.AppendData(message, FileMessage.HeaderBytes, read);
            permit.Demand();
            demandShared();
            await messages.SendAsync(MessageStream.Files, message.AsMemory(0, FileMessage.HeaderBytes + read), going.Token).ConfigureAwait(false);
            run.Bytes += read;
            clock.CancelAfter(FileRun.Patience);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Takes the whole file, and gives it its name when it is the one that was sent.</summary>
    /// <returns>Its hash.</returns>
    /// <exception cref="OperationCanceledException">Withdrawn, stopped, or nothing moved.</exception>
    public async Task<byte[]> TakeAsync(FilePart part, long size, bool mayReplace, Func<bool> hasRoom)
    {
        using CancellationTokenSource clock = run.Clock();
        using var going = CancellationTokenSource.CreateLinkedTokenSource(run.Stopped, permit.Withdrawn, clock.Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[FileMessage.ContentBytes];
        long looked = 0;
        while (run.Bytes < size)
        {
            int read = await run.Inbox!.ReadAsync(buffer, going.Token).ConfigureAwait(false);
            clock.CancelAfter(FileRun.Patience);
            permit.Demand();
            demandShared();
            if (run.Bytes + read > size) throw new AccessRefusedException(RefusalReason.NotAcceptable, operation: Operations.TransferFiles);
            if (run.Bytes - looked >= BytesBetweenLooks)
            {
                looked = run.Bytes;
                if (!hasRoom()) throw new AccessRefusedException(RefusalReason.NoRoom, operation: Operations.TransferFiles);
            }
            part.Append(buffer.AsSpan(0, read));
            hash.AppendData(buffer, 0, read);
            run.Bytes += read;
            run.Inbox.Consume(read);
        }
        byte[] told = await run.Told.Task.WaitAsync(going.Token).ConfigureAwait(false);
        // Told behind the last content: what is more than was announced is here by now.
        if (run.Inbox!.HasMore) throw new AccessRefusedException(RefusalReason.NotAcceptable, operation: Operations.TransferFiles);
        byte[] found = hash.GetHashAndReset();
        if (!CryptographicOperations.FixedTimeEquals(told, found)) throw new AccessRefusedException(RefusalReason.FileDamaged, operation: Operations.TransferFiles);
        permit.Demand();
        demandShared();
        part.Commit(mayReplace);
        return found;
    }
}
