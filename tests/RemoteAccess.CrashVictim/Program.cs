using RemoteAccess.CrashVictim;

switch (args)
{
    case ["ledger", .. string[] rest]:
        return await LedgerVictim.RunAsync(rest);
    case ["charge", .. string[] rest]:
        return await ChargeVictim.RunAsync(rest, goesOn: false);
    case ["session", .. string[] rest]:
        return await ChargeVictim.RunAsync(rest, goesOn: true);
    default:
        await Console.Error.WriteLineAsync("Started by tests only: RemoteAccess.CrashVictim SCENARIO …");
        return 64;
}
