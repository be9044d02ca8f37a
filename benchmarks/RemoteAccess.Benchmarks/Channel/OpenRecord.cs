using BenchmarkDotNet.Attributes;

namespace RemoteAccess.Benchmarks;

/// <summary>Opening one received record of 16 KiB, against AES-256-GCM decryption of the same bytes.</summary>
public class OpenRecord
{
    private const int Records = 1024;

    private RecordScene scene = new(records: 0);

    [GlobalSetup]
    public void Prepare() => scene = new RecordScene(Records);

    [IterationSetup]
    public void Rewind() => scene.Rewind();

    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public void AesGcmDecrypt()
    {
        for (int i = 0; i < Records; i++) scene.DecryptRaw();
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Open()
    {
        int opened = 0;
        for (int i = 0; i < Records; i++) opened += scene.Open();
        return opened;
    }

    [GlobalCleanup]
    public void End() => scene.Dispose();
}
