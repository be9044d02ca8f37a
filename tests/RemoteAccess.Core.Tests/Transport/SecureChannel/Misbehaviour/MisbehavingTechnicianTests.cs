namespace RemoteAccess.Tests;

/// <summary>The host against technicians' sides that do not behave, case by case.</summary>
public sealed class MisbehavingTechnicianTests
{
    private static readonly Dictionary<string, HostCase> Cases =
        GreetingCases.All.Concat(GateCases.All).Concat(PakeCases.All).ToDictionary(each => each.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Host_PeerMisbehaves_RefusesAsNamed(string behaviour) => Cases[behaviour].CheckAsync();
}
