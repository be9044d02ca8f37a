using RemoteAccess.Tests;

// A test starts this program as a screen reader.
if (ScreenReader.Run(args) is { } read) return read;
// One of the prompt starts it as a program that wants an answer.
if (Pranks.Run(args) is { } pranked) return pranked;
// A test of commands runs it as a technician's program.
if (await ToolProgram.RunAsync(args) is { } told) return told;
// A test of the service starts this program as the service, which starts it as the helper.
if (await TestProgram.RunAsync(args) is { } code) return code;
return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
