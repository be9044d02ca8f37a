using BenchmarkDotNet.Attributes;

namespace RemoteAccess.Benchmarks;

/// <summary>Sealing one record of 16 KiB into the link's buffer, against AES-256-GCM encryption of the same bytes.</summary>
public class SealRecord
{
    private RecordScene scene = new(records: 0);

    [GlobalSetup]
    public void Prepare() => scene = new RecordScene(records: 0);

    [Benchmark(Baseline = true)]
    public void AesGcmEncrypt() => scene.EncryptRaw();

    [Benchmark]
    public void Seal() => scene.Seal();

    [GlobalCleanup]
    public void End() => scene.Dispose();
}
