using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>A computer of its own at the office's tenant, with other operations than the office's grant has.</summary>
internal sealed class OtherGrant
{
    private readonly Office office;
    private readonly string file, code;

    private OtherGrant(Office office, string state, string file, string code) => (this.office, State, this.file, this.code) = (office, state, file, code);

    public string State { get; }

    public static async Task<OtherGrant> MakeAsync(Office office, string operations)
    {
        string state = office.NewPath("other-state"), file = office.NewPath("other.grant"), code = office.NewPath("other-code");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(state, file, "--operations", operations))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1] + "\n");
        return new OtherGrant(office, state, file, code);
    }

    public Task<Ran> ViewAsync(AgentRun agent, params string[] arguments) => SampleProgram.RunAsync(SampleProgram.Viewer, [.. arguments, .. Connecting(agent)]);

    public Process Start(AgentRun agent, params string[] arguments) => SampleProgram.Start(SampleProgram.Viewer, [.. arguments, .. Connecting(agent)]);

    private string[] Connecting(AgentRun agent) => ["--grant", file, "--sign-with", office.Tenant, "--code-from", code, "--connect", agent.EndPoint.ToString()];
}
