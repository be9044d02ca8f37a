namespace RemoteAccess.Tests;

/// <summary>The technician's side against hosts that do not behave, case by case.</summary>
public sealed class MisbehavingHostTests
{
    private static readonly Dictionary<string, TechnicianCase> Cases = TechnicianCases.All.ToDictionary(each => each.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Technician_PeerMisbehaves_EndsAsNamed(string behaviour)
    {
        TechnicianCase each = Cases[behaviour];
        var scene = new HandshakeScene();
        using var peer = new ScriptedHost(scene);

        await each.Run(scene, peer);

        Assert.Equal(each.Ends, await peer.EndAsync());
    }
}
