using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The technician's commands in one session: each on a permit, for as long as it runs, and in the ledger before it is started. Beside the session's receiving; called by its loop.
/// </summary>
internal sealed class CommandsExchange : IAsyncDisposable
{
    /// <summary>At once, and in one session: each leaves two entries in the ledger, which nobody shall fill.</summary>
    public const int MaxAtOnce = 4, MaxInSession = 1000;

    /// <summary>Answers that a technician does not read take no more memory than these.</summary>
    private const int MaxOpen = 2 * MaxAtOnce;

    private const string Subject = "command";

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly CommandOptions? options;
    private readonly IProgramStarter? starter;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource over;
    private readonly Lock gate = new();
    private readonly Dictionary<uint, CommandRun> runs = [];
    private readonly HashSet<Task> open = [];
    private uint lastId;
    private int started;

    public CommandsExchange(MessageChannel messages, LiveSession session, CommandOptions? options, IProgramStarter? starter, TimeProvider time, ILogger logger, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.options, this.starter, this.time, this.logger) = (messages, session, options, starter, time, logger);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    public async ValueTask ReceiveAsync(RunCommand request, CancellationToken cancellationToken)
    {
        RefusalReason refusal = RefusalReason.None;
        lock (gate)
        {
            if (request.Id <= lastId) refusal = RefusalReason.NotAcceptable;
            else if (runs.Count >= MaxAtOnce || open.Count >= MaxOpen) refusal = RefusalReason.Busy;
            else Begin(request);
            lastId = Math.Max(lastId, request.Id);
        }
        if (refusal != RefusalReason.None) await RefuseAsync(request.Id, refusal, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ReceiveAsync(CommandTaken taken, CancellationToken cancellationToken)
    {
        bool canBe;
        // Under the lock, because a run is disposed once it is not among those that run.
        lock (gate) canBe = runs.GetValueOrDefault(taken.Id)?.TryTake(taken.Chunks) ?? WasThere(taken.Id);
        if (!canBe) await RefuseMessageAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ReceiveAsync(CommandCancel cancel, CancellationToken cancellationToken)
    {
        Task? cancelling;
        // Under the lock, as above.
        lock (gate) cancelling = runs.GetValueOrDefault(cancel.Id)?.CancelAsync() ?? (WasThere(cancel.Id) ? Task.CompletedTask : null);
        await (cancelling ?? RefuseMessageAsync(cancellationToken).AsTask()).ConfigureAwait(false);
    }

    /// <summary>Returns when nothing of a command runs any more, and that it does not is recorded.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        Task[] last;
        lock (gate) last = [.. open];
        await Task.WhenAll(last).ConfigureAwait(false);
        over.Dispose();
    }

    /// <summary>Under the lock.</summary>
    private void Begin(RunCommand request)
    {
        var run = new CommandRun(request.Id, messages);
        runs.Add(request.Id, run);
        CancellationToken token = over.Token;
        Task task = SessionWork.Begin(session, () => AnswerAsync(run, request, token));
        open.Add(task);
        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task task)
    {
        lock (gate) open.Remove(task);
    }

    /// <summary>Whether there ever was such a command: what comes for one that is just over is nobody's fault. Under the lock.</summary>
    private bool WasThere(uint id) => id > 0 && id <= lastId;

    private async Task AnswerAsync(CommandRun run, RunCommand request, CancellationToken token)
    {
        try
        {
            CommandOver answer;
            RefusalReason refusal = RefusalReason.None;
            try
            {
                answer = await RunAsync(run, request, token).ConfigureAwait(false);
            }
            catch (AccessRefusedException refused)
            {
                refusal = refused.Reason;
                answer = new CommandOver { Id = run.Id, Reason = (uint)refusal };
            }
            catch (Exception error) when (CommandProcess.IsNotStarted(error))
            {
                LogMessages.CommandNotStarted(logger, error);
                refusal = RefusalReason.NotAvailable;
                answer = new CommandOver { Id = run.Id, Reason = (uint)refusal };
            }
            // Whoever has the answer may run another.
            Remove(run);
            if (session.EndReason != RefusalReason.None) return;
            if (refusal != RefusalReason.None) await session.RecordRefusalAsync(Operations.RunCommands, refusal, Subject).ConfigureAwait(false);
            await messages.SendAsync(new ControlMessage { CommandOver = answer }, token).ConfigureAwait(false);
        }
        finally
        {
            Remove(run);
            run.Dispose();
        }
    }

    private void Remove(CommandRun run)
    {
        lock (gate) runs.Remove(run.Id);
    }

    private async Task<CommandOver> RunAsync(CommandRun run, RunCommand request, CancellationToken token)
    {
        OperationPermit permit = await session.PermitAsync(Operations.RunCommands, token).ConfigureAwait(false);
        if (options is null) throw Refusal(RefusalReason.NotAvailable);
        CommandLine line = CommandLine.TryRead(request, options.LongestRun) ?? throw Refusal(RefusalReason.NotAcceptable);
        if (line.WorkingDirectory.Length > 0 && !Directory.Exists(line.WorkingDirectory)) throw Refusal(RefusalReason.NotAvailable);
        string program = CommandProgram.Find(line.Program, Environment.GetEnvironmentVariable("PATH")) ?? throw Refusal(RefusalReason.NotAvailable);
        int number = Interlocked.Increment(ref started);
        if (number > MaxInSession) throw Refusal(RefusalReason.LimitReached);
        using IDisposable entry = session.Tools.Begin(Operations.RunCommands);
        await session.Tools.RecordCommandAsync(number, line with { Program = program }, options.Account).ConfigureAwait(false);
        return await RunAsync(run, new Recorded(number, program, line), permit, token).ConfigureAwait(false);
    }

    /// <summary>It stands in the ledger; whatever comes of it now is written there too.</summary>
    private async Task<CommandOver> RunAsync(CommandRun run, Recorded command, OperationPermit permit, CancellationToken token)
    {
        long began = time.GetTimestamp();
        string outcome = "NotStarted";
        int? exitCode = null;
        try
        {
            permit.Demand();
            if (run.IsCancelled) return new CommandOver { Id = run.Id, Ending = (uint)CommandEnding.Cancelled };
            using IStartedProgram process = CommandProcess.Start(command.Program, command.Line, options!.Account, starter, logger);
            outcome = "NotEnded";
            // A program that nobody can be told of is ended all the same.
            Task telling = messages.SendAsync(new ControlMessage { CommandStarted = new CommandStarted { Id = run.Id } }, token).AsTask();
            CommandEnding? ending = await run.RunAsync(process, command.Line, permit, time, token).ConfigureAwait(false);
            if (ending == CommandEnding.Exited) exitCode = await process.Exited.ConfigureAwait(false);
            if (process.Exited.IsCompletedSuccessfully) outcome = ending is { } how ? how.ToString() : (permit.WhyDead is not RefusalReason.None and var rule ? rule : RefusalReason.SessionEnded).ToString();
            await telling.ConfigureAwait(false);
            permit.Demand();
            token.ThrowIfCancellationRequested();
            return new CommandOver { Id = run.Id, Ending = (uint)ending!, ExitCode = exitCode ?? 0 };
        }
        finally
        {
            await session.Tools.RecordCommandAsync(command.Number, new CommandResult(outcome, exitCode, time.GetElapsedTime(began), run.OutputBytes, run.ErrorBytes)).ConfigureAwait(false);
        }
    }

    private static AccessRefusedException Refusal(RefusalReason reason) => new(reason, operation: Operations.RunCommands);

    private async ValueTask RefuseAsync(uint id, RefusalReason reason, CancellationToken cancellationToken)
    {
        await session.RecordRefusalAsync(Operations.RunCommands, reason, Subject).ConfigureAwait(false);
        await messages.SendAsync(new ControlMessage { CommandOver = new CommandOver { Id = id, Reason = (uint)reason } }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A message about a command that never was, or about more than there is: answered as any that cannot be.</summary>
    private async ValueTask RefuseMessageAsync(CancellationToken cancellationToken)
    {
        await session.RecordRefusalAsync(Operations.RunCommands, RefusalReason.NotAcceptable, Subject).ConfigureAwait(false);
        var refused = new Refused { Operation = (uint)Operations.RunCommands, Reason = (uint)RefusalReason.NotAcceptable };
        await messages.SendAsync(new ControlMessage { Refused = refused }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A command that is in the ledger, by its number there, with the program's place.</summary>
    private sealed record Recorded(int Number, string Program, CommandLine Line);
}
