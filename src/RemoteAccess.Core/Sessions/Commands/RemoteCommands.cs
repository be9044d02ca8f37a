using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>
/// Running programs on the computer. Needs <see cref="Operations.RunCommands"/>, and a host application that allows it (<see cref="CommandOptions"/>). At most 4 at once and 1000 in a session. Thread-safe.
/// </summary>
public sealed class RemoteCommands
{
    private readonly MessageChannel messages;
    private readonly Lock gate = new();
    private readonly Dictionary<uint, RemoteCommand> commands = [];
    private uint lastId;
    private Exception? closed;

    internal RemoteCommands(MessageChannel messages) => this.messages = messages;

    /// <summary>Starts a program. It ends with the session at the latest, with all that it started; something that is to stay is the computer's service manager's to start.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellationToken">Ends the wait, and the program if it was started all the same.</param>
    /// <returns>The caller's to read to the end or to dispose.</returns>
    /// <exception cref="ArgumentException">The request is beyond its limits; nothing was sent.</exception>
    /// <exception cref="AccessRefusedException">
    /// It was not run, with the rule: <see cref="RefusalReason.NotAvailable"/> when there is no such program or directory, or the host application allows none,
    /// <see cref="RefusalReason.Busy"/> while 4 run, <see cref="RefusalReason.NotAcceptable"/> with a longer time than the computer's.
    /// </exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<RemoteCommand> RunAsync(CommandRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (CommandLine.Problem(request.Program, request.Arguments, request.WorkingDirectory ?? "", request.Input.Length) is { } problem) throw new ArgumentException(problem, nameof(request));
        if (request.TimeLimit is { } limit && (limit < CommandOptions.ShortestRun || limit > CommandOptions.MostRun || limit.Ticks % TimeSpan.TicksPerSecond != 0))
            throw new ArgumentException("A command's time limit is whole seconds, 1 s to 24 h.", nameof(request));
        cancellationToken.ThrowIfCancellationRequested();
        (RemoteCommand command, Task sending) = Send(request);
        try
        {
            await sending.ConfigureAwait(false);
            await command.Started.WaitAsync(cancellationToken).ConfigureAwait(false);
            return command;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await command.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="ChannelException">There is no such command.</exception>
    internal void Deliver(CommandStarted message) => Find(message.Id).Deliver(message);

    /// <exception cref="ChannelException">There is no such command, or it cannot have written that.</exception>
    internal void Deliver(CommandChunk message) => Find(message.Id).Deliver(message);

    /// <exception cref="ChannelException">There is no such command, or it cannot have ended so.</exception>
    internal void Deliver(CommandOver message)
    {
        Find(message.Id).Deliver(message);
        lock (gate) commands.Remove(message.Id);
    }

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception reason)
    {
        RemoteCommand[] left;
        lock (gate)
        {
            closed = reason;
            left = [.. commands.Values];
            commands.Clear();
        }
        foreach (RemoteCommand command in left) command.Close(reason);
    }

    /// <summary>Numbers must arrive in their order.</summary>
    private (RemoteCommand Command, Task Sending) Send(CommandRequest request)
    {
        lock (gate)
        {
            if (closed is not null) throw closed;
            var command = new RemoteCommand(messages, ++lastId);
            commands.Add(lastId, command);
            var message = new RunCommand
            {
                Id = lastId, Program = request.Program, WorkingDirectory = request.WorkingDirectory ?? "", TimeLimitSeconds = (uint)(request.TimeLimit?.TotalSeconds ?? 0),
                Input = ByteString.CopyFrom(request.Input.Span),
            };
            message.Arguments.AddRange(request.Arguments);
            return (command, messages.SendAsync(new ControlMessage { RunCommand = message }, CancellationToken.None).AsTask());
        }
    }

    private RemoteCommand Find(uint id)
    {
        lock (gate) return commands.GetValueOrDefault(id) ?? throw new ChannelException(ChannelError.OutOfOrder, $"The computer spoke of command {id}, which is not there.");
    }
}
