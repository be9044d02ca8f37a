using BenchmarkDotNet.Running;
using RemoteAccess.Benchmarks;

// dotnet run -c Release --project benchmarks/RemoteAccess.Benchmarks -- --filter '*'
if (!MachineFacts.IsOptimizedBuild)
{
    Console.Error.WriteLine("Figures of a Debug build mean nothing: run with -c Release.");
    return 1;
}

Console.WriteLine(MachineFacts.Describe());
var summaries = BenchmarkSwitcher.FromAssembly(typeof(MachineFacts).Assembly).Run(args, new InProcessMeasurement()).ToList();
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
