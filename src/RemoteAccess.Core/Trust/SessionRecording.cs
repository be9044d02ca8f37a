namespace RemoteAccess.Trust;

/// <summary>
/// What of a session's recording concerns the customer: the ledger has it before it begins, whatever shows them who is connected shows that too, and its end is in the ledger with
/// the file that the technician's side says it wrote. Thread-safe.
/// </summary>
internal sealed class SessionRecording(SessionFacts facts, SessionSurroundings around, OpenEntries open)
{
    private readonly Lock gate = new();
    private bool isOn;
    private int number;
    private long began;
    private Task ending = Task.CompletedTask;

    /// <summary>Whether the customer is told that it is recorded.</summary>
    public bool IsOn
    {
        get
        {
            lock (gate) return isOn;
        }
    }

    /// <summary>
    /// Records the beginning and has it shown. When it completes with <see cref="RefusalReason.None"/> the entry is on the disk and, where a surface is required, one has said that it shows it.
    /// </summary>
    /// <returns>None, or that nothing shows it, and then it is over.</returns>
    /// <exception cref="StateException">It could not be recorded, and must not begin.</exception>
    /// <exception cref="AccessRefusedException">The session is over.</exception>
    public async ValueTask<RefusalReason> BeginAsync(CancellationToken cancellationToken)
    {
        using (open.Begin(Operations.RecordSession))
        {
            await around.Ledger.AppendAsync(TrustEvents.RecordingStarted(facts, number + 1), CancellationToken.None).ConfigureAwait(false);
            lock (gate) (isOn, number, began) = (true, number + 1, around.Time.GetTimestamp());
        }
        long status = around.MustShow();
        if (around.Surface is not { } presence) return RefusalReason.None;
        using var patience = new CancellationTokenSource(SurfacePresence.StopsAfter, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await presence.WaitUntilShownAsync(status, either.Token).ConfigureAwait(false);
            return RefusalReason.None;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await EndAsync(RefusalReason.SurfaceLost, null).ConfigureAwait(false);
            return RefusalReason.SurfaceLost;
        }
    }

    /// <summary>The recording is over; does nothing when none is on.</summary>
    /// <param name="reason">The rule that ended it; <see cref="RefusalReason.None"/> when the technician did.</param>
    /// <param name="file">What the technician's side says of its file; null when it said nothing.</param>
    /// <exception cref="StateException">It could not be recorded.</exception>
    public async ValueTask EndAsync(RefusalReason reason, DeclaredRecording? file)
    {
        TimeSpan length = default;
        TaskCompletionSource? mine = null;
        Task recorded;
        lock (gate)
        {
            if (isOn) (isOn, length, mine) = (false, around.Time.GetElapsedTime(began), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            recorded = ending = mine?.Task ?? ending;
        }
        if (mine is null)
        {
            // Whoever comes while it is being recorded waits for that: the session's end must not overtake it.
            await recorded.ConfigureAwait(false);
            return;
        }
        try
        {
            await around.Ledger.AppendLastAsync(TrustEvents.RecordingStopped(facts, number, length, reason, file), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            mine.SetResult();
        }
        around.Changed();
    }
}

/// <summary>What the technician's side says of the file it wrote. Nobody here has seen it: it is what a file can be held against later.</summary>
/// <param name="Sha256">Of the whole file; 32 bytes.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record DeclaredRecording(ReadOnlyMemory<byte> Sha256, ulong Bytes);
