using RemoteAccess.Tests;

// A test of the service starts this program as the service, which starts it as the helper.
if (await TestProgram.RunAsync(args) is { } code) return code;
return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
