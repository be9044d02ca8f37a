using System.Buffers;
using System.IO.Pipelines;

namespace RemoteAccess.Tests;

/// <summary>Technician and host with somebody on the way who sees, records and may change every byte.</summary>
internal sealed class RelayedLinks
{
    private readonly List<byte> toHost = [];
    private readonly List<byte> toTechnician = [];

    public RelayedLinks(Action<RelayDirection, long, Span<byte>>? change = null)
    {
        (Technician, PipeLink technicianSide) = PipeLink.CreatePair();
        (PipeLink hostSide, Host) = PipeLink.CreatePair();
        _ = PumpAsync(RelayDirection.ToHost, technicianSide.Input, hostSide.Output, toHost, change);
        _ = PumpAsync(RelayDirection.ToTechnician, hostSide.Input, technicianSide.Output, toTechnician, change);
    }

    public PipeLink Technician { get; }

    public PipeLink Host { get; }

    public byte[] SentToHost => [.. toHost];

    public byte[] SentToTechnician => [.. toTechnician];

    private static async Task PumpAsync(
        RelayDirection direction, PipeReader from, PipeWriter to, List<byte> record, Action<RelayDirection, long, Span<byte>>? change)
    {
        while (true)
        {
            ReadResult result = await from.ReadAsync().ConfigureAwait(false);
            byte[] bytes = result.Buffer.ToArray();
            from.AdvanceTo(result.Buffer.End);
            change?.Invoke(direction, record.Count, bytes);
            record.AddRange(bytes);
            FlushResult flush = bytes.Length == 0 ? default : await to.WriteAsync(bytes).ConfigureAwait(false);
            if (result.IsCompleted || flush.IsCompleted) break;
        }

        await to.CompleteAsync().ConfigureAwait(false);
        await from.CompleteAsync().ConfigureAwait(false);
    }
}

internal enum RelayDirection
{
    ToHost,
    ToTechnician,
}
