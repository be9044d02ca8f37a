using RemoteAccess.CrashVictim;

switch (args)
{
    case ["ledger", .. string[] rest]:
        return await LedgerVictim.RunAsync(rest);
    case ["charge", .. string[] rest]:
        return await ChargeVictim.RunAsync(rest);
    default:
        await Console.Error.WriteLineAsync("Started by tests only: RemoteAccess.CrashVictim SCENARIO …");
        return 64;
}
