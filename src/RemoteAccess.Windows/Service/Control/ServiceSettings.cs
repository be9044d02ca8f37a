using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>A service as Windows has it in its list.</summary>
/// <param name="Start">As Windows numbers it; 2 is automatic.</param>
/// <param name="CommandLine">Program and arguments.</param>
/// <param name="Account">Whose rights it has.</param>
/// <param name="DisplayName">What the list shows.</param>
/// <param name="Description">The sentence beside it; null where the system keeps none.</param>
/// <param name="IsDelayed">Whether it starts some time after the computer; null where the system keeps that not.</param>
/// <param name="FailureActions">What follows one failure after another; null where the system keeps none.</param>
/// <param name="RestartsOnError">Whether an end with an error is a failure like a crash; null where the system keeps that not.</param>
internal sealed record ServiceSettings(uint Start, string CommandLine, string Account, string DisplayName, string? Description, bool? IsDelayed, IReadOnlyList<ServiceAction>? FailureActions, bool? RestartsOnError)
{
    /// <summary>Null when Windows does not say; its error is the last one.</summary>
    public static unsafe ServiceSettings? Read(SafeServiceHandle service)
    {
        // What Windows gives at most for each of these calls (QueryServiceConfig).
        byte* memory = stackalloc byte[Advapi32Service.MaxConfig];
        uint needed;
        if (Advapi32Service.QueryServiceConfigW(service, memory, Advapi32Service.MaxConfig, &needed) == 0) return null;
        ServiceConfig* config = (ServiceConfig*)memory;
        (uint start, string line, string account, string name) = (config->Start, new string(config->CommandLine), new string(config->Account), new string(config->DisplayName));
        string? description = Query(service, Advapi32Service.Description, memory) ? new string(*(char**)memory) : null;
        bool? isDelayed = Query(service, Advapi32Service.DelayedStart, memory) ? *(int*)memory != 0 : null;
        bool? onError = Query(service, Advapi32Service.FailureFlag, memory) ? *(int*)memory != 0 : null;
        ServiceAction[]? actions = null;
        if (Query(service, Advapi32Service.FailureActions, memory))
        {
            ServiceFailureActions* failure = (ServiceFailureActions*)memory;
            actions = new ReadOnlySpan<ServiceAction>(failure->Actions, failure->Actions == null ? 0 : (int)failure->Count).ToArray();
        }
        return new ServiceSettings(start, line, account, name, description, isDelayed, actions, onError);
    }

    private static unsafe bool Query(SafeServiceHandle service, uint level, byte* memory)
    {
        uint needed;
        return Advapi32Service.QueryServiceConfig2W(service, level, memory, Advapi32Service.MaxConfig, &needed) != 0;
    }
}
