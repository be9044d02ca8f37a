using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>A recording that is over.</summary>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">Of the whole file; 32 bytes.</param>
/// <param name="Length">From its beginning to its end.</param>
/// <param name="Reason">The rule that ended it; None when the technician did, or the connection was cut.</param>
/// <param name="IsInLedger">Whether the computer has recorded length and hash. It cannot when the session was over before.</param>
public sealed record RecordedFile(long Bytes, ReadOnlyMemory<byte> Sha256, TimeSpan Length, RefusalReason Reason, bool IsInLedger);

/// <summary>
/// Recording the session to a file: the frames that are sent anyway, as they come, without a byte more on the link. Needs <see cref="Operations.RecordSession"/>; while it runs, the computer
/// shows its user that it does. Frames come only while somebody reads <see cref="RemoteSession.Picture"/>. Thread-safe.
/// </summary>
public sealed class RemoteRecording
{
    private readonly MessageChannel messages;
    private readonly Func<byte[]> header;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private Stream? target;
    private TaskCompletionSource? starting;
    private TaskCompletionSource<RefusalReason>? stopping;
    private RecordingWriter? writer;
    private Task<RecordedFile>? ended;
    private TaskCompletionSource<RecordedFile>? ending;
    private Exception? closed;

    internal RemoteRecording(MessageChannel messages, ReadOnlyMemory<byte> sessionId, Grant grant, TimeProvider time, ILogger logger)
    {
        (this.messages, this.time, this.logger) = (messages, time, logger);
        header = () => RecordingFormat.WriteHeader(sessionId.Span, WireIdentity.Host(grant.HostKey.Span), grant.Id.Span, time.GetUtcNow());
    }

    /// <summary>Whether frames are written at this moment: to be shown to whoever watches.</summary>
    public bool IsRecording
    {
        get
        {
            lock (gate) return writer is not null;
        }
    }

    /// <summary><see cref="IsRecording"/> changed; raised on a thread of its own.</summary>
    public event EventHandler? IsRecordingChanged;

    /// <summary>The end of the recording begun last, for whatever reason: stopped, taken away by the customer, session over. Faults when the file could not be written.</summary>
    /// <exception cref="InvalidOperationException">None was begun.</exception>
    public Task<RecordedFile> Ended
    {
        get
        {
            lock (gate) return ended ?? throw new InvalidOperationException("No recording was begun.");
        }
    }

    /// <summary>Begins to record into a new file, readable for its owner only where the system knows that.</summary>
    /// <param name="path">Must not exist. Left away again when the computer refuses.</param>
    /// <param name="cancellationToken">Before the computer is asked.</param>
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    /// <inheritdoc cref="StartAsync(Stream, CancellationToken)"/>
    public async Task StartAsync(string path, CancellationToken cancellationToken = default)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        try
        {
            await StartAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            File.Delete(path);
            throw;
        }
        Task<RecordedFile> mine = Ended;
        lock (gate) ended = CloseAfterAsync(mine, file);
    }

    /// <summary>Begins to record. When it completes, the computer shows its user that the session is recorded, and has it in its ledger.</summary>
    /// <param name="file">Written forwards only; stays the caller's, to be closed after <see cref="Ended"/>.</param>
    /// <param name="cancellationToken">Before the computer is asked.</param>
    /// <exception cref="AccessRefusedException">It may not be, or nothing at the computer shows it.</exception>
    /// <exception cref="InvalidOperationException">A recording runs already.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task StartAsync(Stream file, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed is not null) throw closed;
            if (target is not null) throw new InvalidOperationException("A recording runs already. Stop it first.");
            (target, starting) = (file, answer);
        }
        await messages.SendAsync(new ControlMessage { StartRecording = new StartRecording() }, CancellationToken.None).ConfigureAwait(false);
        await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Stops, closes the file with its hash and has the computer record that; the same as <see cref="Ended"/> when nothing runs any more.</summary>
    /// <exception cref="InvalidOperationException">None was begun.</exception>
    /// <exception cref="IOException">The file could not be written to its end.</exception>
    public Task<RecordedFile> StopAsync(CancellationToken cancellationToken = default)
    {
        Finish(RefusalReason.None);
        return Ended.WaitAsync(cancellationToken);
    }

    /// <summary>From the session's receiver, as what follows. None of it waits for the file.</summary>
    internal void AddPicture(ReadOnlySpan<byte> encoded)
    {
        lock (gate) writer?.AddPicture(encoded);
    }

    internal void Add(CursorMessage cursor)
    {
        lock (gate) writer?.Add(RecordKind.Cursor, cursor.ToByteArray());
    }

    internal void Add(Screen screen)
    {
        lock (gate) writer?.Add(RecordKind.Screen, screen.ToByteArray());
    }

    /// <exception cref="ChannelException">Nothing was asked.</exception>
    internal void Deliver(RecordingAnswer answer)
    {
        RefusalReason reason = answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable;
        TaskCompletionSource begun;
        lock (gate)
        {
            if (stopping is { } waiting)
            {
                stopping = null;
                waiting.TrySetResult(reason);
                return;
            }
            begun = starting ?? throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a request to record that was not made.");
            starting = null;
            if (reason == RefusalReason.None) Begin();
            else target = null;
        }
        if (reason != RefusalReason.None)
        {
            begun.TrySetException(new AccessRefusedException(reason, operation: Operations.RecordSession));
            return;
        }
        begun.TrySetResult();
        RaiseChanged();
    }

    /// <exception cref="ChannelException">Nothing is recorded.</exception>
    internal void Deliver(RecordingOver over)
    {
        lock (gate)
        {
            if (target is null || starting is not null) throw new ChannelException(ChannelError.OutOfOrder, "The computer ended a recording that was not begun.");
        }
        Finish(over.Reason <= byte.MaxValue ? (RefusalReason)over.Reason : RefusalReason.Withdrawn);
    }

    /// <summary>Nothing more is written from now on. Does nothing when nothing runs.</summary>
    internal void Finish(RefusalReason reason)
    {
        RecordingWriter finished;
        TaskCompletionSource<RecordedFile> told;
        lock (gate)
        {
            if (writer is null) return;
            (finished, told) = (writer, ending!);
            writer = null;
        }
        RaiseChanged();
        _ = Task.Run(() => FinishAsync(finished, told, reason));
    }

    /// <summary>The session is over.</summary>
    internal void Close(Exception reason)
    {
        TaskCompletionSource? begun;
        TaskCompletionSource<RefusalReason>? waiting;
        lock (gate)
        {
            closed = reason;
            (begun, waiting) = (starting, stopping);
            (starting, stopping) = (null, null);
        }
        begun?.TrySetException(reason);
        waiting?.TrySetResult(RefusalReason.SessionEnded);
        Finish(reason is AccessRefusedException refusal ? refusal.Reason : RefusalReason.None);
    }

    /// <summary>Completes, never faults, when no file is written any more.</summary>
    internal async Task QuietAsync()
    {
        Task? last;
        lock (gate) last = ended;
        if (last is not null) await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Under the lock, in the receiver: what it receives next is recorded.</summary>
    private void Begin()
    {
        var mine = new RecordingWriter(target!, header(), time);
        writer = mine;
        ending = new TaskCompletionSource<RecordedFile>(TaskCreationOptions.RunContinuationsAsynchronously);
        ended = ending.Task;
        _ = mine.Writing.ContinueWith(_ => Finish(RefusalReason.None), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task FinishAsync(RecordingWriter finished, TaskCompletionSource<RecordedFile> told, RefusalReason reason)
    {
        TimeSpan length = finished.Elapsed;
        RecordedFile? file = null;
        Exception? failure = null;
        try
        {
            (long bytes, byte[] sha256) = await finished.FinishAsync(reason).ConfigureAwait(false);
            file = new RecordedFile(bytes, sha256, length, reason, false);
        }
        catch (Exception error)
        {
            // The stream is the caller's, and may fail with anything.
            failure = error;
        }
        bool isRecorded = await TryDeclareAsync(file).ConfigureAwait(false);
        lock (gate) target = null;
        if (file is null) told.TrySetException(failure!);
        else told.TrySetResult(file with { IsInLedger = isRecorded });
    }

    private async ValueTask<bool> TryDeclareAsync(RecordedFile? file)
    {
        var answer = new TaskCompletionSource<RefusalReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed is not null) return false;
            stopping = answer;
        }
        var stop = new StopRecording { Sha256 = ByteString.CopyFrom(file is null ? default : file.Sha256.Span), Bytes = (ulong)(file?.Bytes ?? 0) };
        try
        {
            await messages.SendAsync(new ControlMessage { StopRecording = stop }, CancellationToken.None).ConfigureAwait(false);
            return await answer.Task.ConfigureAwait(false) == RefusalReason.None && file is not null;
        }
        catch (ChannelException error)
        {
            // The session's receiver sees the same end; the file is whole all the same.
            LogMessages.RecordingUndeclared(logger, error.Message);
            return false;
        }
    }

    private static async Task<RecordedFile> CloseAfterAsync(Task<RecordedFile> recording, FileStream file)
    {
        await using (file.ConfigureAwait(false)) return await recording.ConfigureAwait(false);
    }

    private void RaiseChanged()
    {
        if (IsRecordingChanged is not { } handlers) return;
        _ = Task.Run(() =>
        {
            try
            {
                handlers(this, EventArgs.Empty);
            }
            catch (Exception error)
            {
                LogMessages.HandlerFailed(logger, nameof(IsRecordingChanged), error);
            }
        });
    }
}
