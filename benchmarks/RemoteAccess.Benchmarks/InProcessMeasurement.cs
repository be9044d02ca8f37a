using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// Measures in this process: the default toolchain generates and restores projects of its own, which locked restore refuses.
/// Reports median, 95th percentile and allocated bytes, and writes a Markdown table to <c>BenchmarkDotNet.Artifacts/results</c>.
/// </summary>
internal sealed class InProcessMeasurement : ManualConfig
{
    public InProcessMeasurement()
    {
        AddJob(Job.Default.WithWarmupCount(5).WithIterationCount(15).WithToolchain(InProcessEmitToolchain.Instance).AsDefault());
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Median, StatisticColumn.P95);
        AddExporter(MarkdownExporter.GitHub);
        AddLogger(ConsoleLogger.Default);
    }
}
