using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>A technician's side that does not behave, and what the host must make of it.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Ends">How the handshake ends for the host.</param>
/// <param name="Hears">What the peer is told.</param>
/// <param name="Counted">The pre-gate failure for the ledger's summary; null when the gate was passed.</param>
/// <param name="Charged">Guesses charged; each is abandoned, never refunded.</param>
/// <param name="Run">The behaviour; the peer hangs up afterwards.</param>
internal sealed record HostCase(string Name, string Ends, string Hears, PreGateFailure? Counted, int Charged, Func<HandshakeScene, ScriptedTechnician, Task> Run)
{
    public override string ToString() => Name;

    public async Task CheckAsync()
    {
        var scene = new HandshakeScene();
        using var peer = new ScriptedTechnician(scene);
        await Run(scene, peer);
        string heard = peer.LastWord();
        string ended = await peer.EndAsync();

        Assert.Equal((Ends, Hears), (ended, heard));
        Assert.Equal(Counted is { } failure ? [failure] : [], scene.Authority.Rejects);
        Assert.Equal((Charged, Charged, 0), (scene.Authority.Charged, scene.Authority.Abandoned, scene.Authority.Accepted));
        Assert.True(peer.HostLink.IsDisposed);
    }
}
