using System.CommandLine;
using HelpdeskAgent;

NativeHeaps.Limit();
var root = new RootCommand("""
    The agent on a customer's computer, as a helpdesk product would embed it: makes grants on site, serves technicians under them, lets
    the customer stop, block and revoke at any time, and shows what was done.

    Example:
      remoteaccess-agent grant --state state --on-site --sign-with tenant --consented-by "Ada Byron" \
        --statement "You may help me with this computer until Friday." --nickname "Contoso:Front desk:Ada" --out front-desk.grant
      remoteaccess-agent run --state state --listen 127.0.0.1:7700
    """);
root.Subcommands.Add(GrantCommand.Create());
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(HelpCommand.Create());
root.Subcommands.Add(StatusCommand.Create());
root.Subcommands.Add(ExplainCommand.Create());
root.Subcommands.Add(StopCommand.Create());
root.Subcommands.Add(WithdrawCommand.Create());
root.Subcommands.Add(WithdrawCommand.CreateRestore());
root.Subcommands.Add(ShareCommand.Create());
root.Subcommands.Add(ChatCommand.Create());
root.Subcommands.Add(BlockCommand.Create());
root.Subcommands.Add(BlockCommand.CreateUnblock());
root.Subcommands.Add(UnlockCommand.Create());
root.Subcommands.Add(ChangeCodeCommand.Create());
root.Subcommands.Add(PasswordCommand.Create());
root.Subcommands.Add(RevokeCommand.Create());
root.Subcommands.Add(HistoryCommand.Create());
root.Subcommands.Add(ReportCommand.Create());
root.Subcommands.Add(PruneCommand.Create());
root.Subcommands.Add(VerifyLedgerCommand.Create());
root.Subcommands.Add(PromptCommand.Create());
root.Subcommands.Add(SurfaceCommand.Create());
if (OperatingSystem.IsWindows()) root.Subcommands.Add(ServiceCommand.Create());
return await root.Parse(args).InvokeAsync();
