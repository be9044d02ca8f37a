using RemoteAccess.Fuzz;
using RemoteAccess.Fuzz.Run;
using RemoteAccess.Fuzz.SelfTest;

try
{
    var options = FuzzOptions.Read(args);
    switch (options.Command)
    {
        case FuzzCommand.Help:
            Console.WriteLine(FuzzOptions.Help);
            return 0;
        case FuzzCommand.List:
            Console.Write(string.Concat(TargetCatalog.All.Select(target => target.Name + "\n")));
            return 0;
        case FuzzCommand.SelfTest:
            return EngineSelfTest.Run(Console.Out);
        case FuzzCommand.Replay:
            return Replay.Run(TargetCatalog.Choose(options.Targets)[0], options.ReplayFile!, Console.Out);
        case FuzzCommand.Fuzz:
            Console.WriteLine($"seed {options.Seed}");
            return new Campaign(options, Console.Out).Run(TargetCatalog.Choose(options.Targets));
        default:
            throw new InvalidOperationException($"Unhandled command {options.Command}.");
    }
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
