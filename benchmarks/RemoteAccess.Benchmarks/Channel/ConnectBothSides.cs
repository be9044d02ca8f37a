using BenchmarkDotNet.Attributes;
using RemoteAccess.Transport;

namespace RemoteAccess.Benchmarks;

/// <summary>Wall-clock time and allocation of a handshake, both sides, without scrypt and without a disk. CPU time is the table's business.</summary>
public class ConnectBothSides
{
    private Stage? stage;
    private HandshakePair? pair;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        stage = await Stage.SetAsync();
        pair = new HandshakePair(stage, new MemoryAuthority(stage.Grant, stage.Verifier));
    }

    [Benchmark]
    public async Task HandshakeAsync() => await HandshakePair.EndAsync(await pair!.RunAsync());

    [GlobalCleanup]
    public async Task EndAsync() => await stage!.DisposeAsync();
}
