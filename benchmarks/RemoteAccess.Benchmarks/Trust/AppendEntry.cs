using BenchmarkDotNet.Attributes;

namespace RemoteAccess.Benchmarks;

/// <summary>One entry appended to the ledger and on the disk.</summary>
public class AppendEntry
{
    private LedgerFolder? folder;
    private int number;

    [GlobalSetup]
    public void Prepare() => folder = new LedgerFolder();

    [Benchmark]
    public async Task<long> AppendAsync() => await folder!.Ledger.AppendAsync(LedgerFolder.Entry(number++), CancellationToken.None);

    [GlobalCleanup]
    public async Task EndAsync() => await folder!.DisposeAsync();
}
