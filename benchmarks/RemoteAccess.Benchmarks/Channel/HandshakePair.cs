using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>Runs whole handshakes, both sides in this process, over memory. The code has been stretched before.</summary>
internal sealed class HandshakePair(Stage stage, IHostAuthority authority)
{
    private readonly HostParty host = new()
    {
        SigningKey = stage.Trust.SigningKey,
        Authority = authority,
        Limits = new HandshakeLimits(TimeProvider.System),
        Time = TimeProvider.System,
    };

    private readonly TechnicianParty technician = stage.Technician;

    /// <summary>From an open link to a channel on both sides.</summary>
    public async Task<(SecureChannel Technician, HostHandshakeResult Host)> RunAsync()
    {
        (MemoryLink one, MemoryLink other) = MemoryLink.CreatePair();
        Task<HostHandshakeResult> answering = HostHandshake.RunAsync(one, host, CancellationToken.None);
        SecureChannel channel = await TechnicianHandshake.RunAsync(other, technician, CancellationToken.None);
        HostHandshakeResult result = await answering;
        if (result.Refusal != RefusalReason.None) throw new InvalidOperationException($"A handshake of the benchmark was refused: {result.Refusal}.");
        return (channel, result);
    }

    /// <summary>Ends what a handshake began; a session writes its end to the ledger.</summary>
    public static async Task EndAsync((SecureChannel Technician, HostHandshakeResult Host) done)
    {
        if (done.Host.Session is { } session) await session.DisposeAsync();
        await done.Host.Channel.DisposeAsync();
        await done.Technician.DisposeAsync();
    }
}
