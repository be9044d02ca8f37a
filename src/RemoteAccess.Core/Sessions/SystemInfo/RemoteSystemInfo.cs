using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>Facts about the computer. Needs <see cref="Operations.SystemInfo"/>. Thread-safe.</summary>
public sealed class RemoteSystemInfo
{
    private readonly MessageChannel messages;
    private readonly Lock gate = new();
    private TaskCompletionSource<SystemInfo>? pending;
    private Exception? closed;

    internal RemoteSystemInfo(MessageChannel messages) => this.messages = messages;

    /// <summary>Asks the computer about itself. Each time stands in the customer's ledger; up to 100 times in a session.</summary>
    /// <exception cref="AccessRefusedException">It does not say, with the rule; <see cref="RefusalReason.NotAvailable"/> when it took too long.</exception>
    /// <exception cref="InvalidOperationException">A request is open already.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<SystemInfo> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<SystemInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed is not null) throw closed;
            if (pending is not null) throw new InvalidOperationException("A request is open already. Wait for its answer.");
            pending = answer;
        }
        // Not to be taken back, because then its answer would be the next one's.
        await messages.SendAsync(new ControlMessage { ReadSystemInfo = new ReadSystemInfo() }, CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">Nobody had asked, or the answer cannot be.</exception>
    internal void Deliver(SystemInfoAnswer answer)
    {
        lock (gate)
        {
            if (pending is not { } waiting) throw new ChannelException(ChannelError.OutOfOrder, "The computer told about itself, which was not asked for.");
            if (!SystemInfoText.IsSound(answer)) throw new ChannelException(ChannelError.Malformed, "What the computer told about itself cannot be.");
            pending = null;
            if (answer.Reason == 0) waiting.TrySetResult(Read(answer));
            else waiting.TrySetException(new AccessRefusedException(answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable, operation: Operations.SystemInfo));
        }
    }

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception reason)
    {
        lock (gate)
        {
            closed = reason;
            pending?.TrySetException(reason);
        }
    }

    private static SystemInfo Read(SystemInfoAnswer answer) => new()
    {
        ComputerName = answer.ComputerName, System = answer.System, Kernel = answer.Kernel, Architecture = answer.Architecture, Processor = answer.Processor, Processors = (int)answer.Processors,
        MemoryBytes = (long)answer.MemoryBytes, MemoryAvailableBytes = (long)answer.MemoryAvailableBytes,
        Disks = [.. answer.Disks.Select(disk => new DiskInfo(disk.Name, disk.Format, (long)disk.TotalBytes, (long)disk.FreeBytes))],
        Networks = [.. answer.Networks.Select(network => new NetworkInfo(network.Name, network.IsUp, [.. network.Addresses]))],
        TimeZone = answer.TimeZone, UtcOffset = TimeSpan.FromMinutes(answer.UtcOffsetMinutes),
        BootedAt = answer.BootedUnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(answer.BootedUnixMs),
        AgentVersion = answer.AgentVersion, Users = [.. answer.Users],
    };
}
