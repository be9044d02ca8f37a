using BenchmarkDotNet.Running;
using RemoteAccess.Benchmarks;

// dotnet run -c Release --project benchmarks/RemoteAccess.Benchmarks -- --filter '*'           BenchmarkDotNet, all its switches
// dotnet run -c Release --project benchmarks/RemoteAccess.Benchmarks -- --table [--quick] [NAME…]   the rows of the results' table
// RemoteAccess.Benchmarks --codec SEQUENCE                                                     frames from standard input through the codec
// RemoteAccess.Benchmarks --screen-cost FOLDER [--quick]                                       X11 beside GDI under Wine: benchmarks/screen-cost.sh
if (!MachineFacts.IsOptimizedBuild)
{
    Console.Error.WriteLine("Figures of a Debug build mean nothing: run with -c Release.");
    return 1;
}

if (args is ["--machine"])
{
    Console.WriteLine(MachineFacts.Describe());
    return 0;
}

if (args is ["--codec", { } sequence]) return CodecRun.Run(sequence);
// What "--table block" starts as the surface's process.
if (args is ["--surface", { } display, { } state]) return await SurfaceProgram.RunAsync(display, state);

if (args is ["--screen-cost", { } folder, ..]) return await ScreenCostRun.RunAsync(folder, args.Contains("--quick"));
if (args is ["--screen-cost-side", { } port]) return await CostSide.RunAsync(port);

if (args is ["--table", .. string[] rest])
{
    await ScenarioTable.RunAsync([.. rest.Where(name => name != "--quick")], rest.Contains("--quick"));
    return 0;
}

Console.WriteLine(MachineFacts.Describe());
var summaries = BenchmarkSwitcher.FromAssembly(typeof(MachineFacts).Assembly).Run(args, new InProcessMeasurement()).ToList();
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
