using System.CommandLine;
using CommandLineViewer;

var root = new RootCommand("""
    A technician's viewer for the command line: connects to a computer under a grant and does one thing there.

    Example:
      remoteaccess-viewer tenant init --out tenant
      remoteaccess-viewer screenshot desk.png --grant front-desk.grant --sign-with tenant --code-from - --connect 127.0.0.1:7700
    """);
root.Subcommands.Add(TenantCommand.Create());
root.Subcommands.Add(ComputersCommand.Create());
root.Subcommands.Add(NameCommand.Create());
root.Subcommands.Add(ScreenshotCommand.Create());
root.Subcommands.Add(MonitorsCommand.Create());
root.Subcommands.Add(InputCommands.CreateType());
root.Subcommands.Add(InputCommands.CreateKey());
root.Subcommands.Add(InputCommands.CreateClick());
root.Subcommands.Add(FilesCommand.Create());
root.Subcommands.Add(ClipboardCommand.Create());
root.Subcommands.Add(ChatCommand.Create());
root.Subcommands.Add(RestartCommand.Create());
root.Subcommands.Add(RecordCommand.Create());
root.Subcommands.Add(PlayCommand.Create());
root.Subcommands.Add(InfoCommand.Create());
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(SystemInfoCommand.Create());
root.Subcommands.Add(RequestAccessCommand.Create());
root.Subcommands.Add(ProbeCommand.Create());
root.Subcommands.Add(ReceiptsCommand.Create());
int code = await root.Parse(args).InvokeAsync();
await Connection.CloseAsync();
return code;
