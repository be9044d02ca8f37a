using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Tests that run the samples: they have processes and X servers of their own, and some measure time, so they take turns.</summary>
[CollectionDefinition(nameof(Office), DisableParallelization = true)]
public sealed class OfficeCollection : ICollectionFixture<Office>;

/// <summary>
/// A tenant, a computer's state, a grant and its code, made once by the commands that README names; each test works on a copy of the state.
/// </summary>
public sealed partial class Office : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("ra-office-").FullName;
    private AccessSecret? secret;
    private TenantIdentity? identity;
    private int copies;

    internal string Tenant => Path.Combine(root, "tenant");

    internal string GrantFile => Path.Combine(root, "front-desk.grant");

    internal string CodeFile => Path.Combine(root, "code");

    internal Ran TenantMade { get; private set; } = new(-1, "", "");

    internal Ran GrantMade { get; private set; } = new(-1, "", "");

    internal string Code => GrantMade.Lines[^1];

    public async ValueTask InitializeAsync()
    {
        TenantMade = await SampleProgram.RunAsync(SampleProgram.Viewer, ["tenant", "init", "--out", Tenant]);
        TenantMade.Succeeded();
        GrantMade = await SampleProgram.RunAsync(SampleProgram.Agent, GrantArguments(Path.Combine(root, "state"), GrantFile));
        GrantMade.Succeeded();
        await File.WriteAllTextAsync(CodeFile, Code + "\n");
    }

    internal string[] GrantArguments(string state, string file, params string[] more) =>
    [
        "grant", "--state", state, "--on-site", "--sign-with", Tenant, "--consented-by", "Ada Byron", "--statement", "You may help me with this computer until Friday.",
        "--nickname", "Contoso:Front desk:Ada", "--out", file, .. more,
    ];

    internal string NewPath(string name) => Path.Combine(root, $"{Interlocked.Increment(ref copies)}-{name}");

    internal async Task<string> CopyStateAsync()
    {
        string copy = NewPath("state");
        using Process process = Process.Start("cp", ["-a", Path.Combine(root, "state"), copy]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return copy;
    }

    /// <summary>
    /// Starts an agent on a copy of the state, or on a state of an agent before it, and waits until it listens. No surface runs, and no test's screen has a
    /// strip on it, unless <paramref name="more"/> says who shows it.
    /// </summary>
    internal async Task<AgentRun> StartAgentAsync(string? display, string? state = null, params string[] more)
    {
        state ??= await CopyStateAsync();
        string[] screen = display is null ? ["--virtual", "640x480"] : more.Contains("--surface") ? [] : ["--surface", "none"];
        return await AgentRun.StartAsync(state, ["run", "--state", state, "--listen", "127.0.0.1:0", .. screen, .. more], display);
    }

    /// <summary>Starts an agent that shares a display and asks a logind on a bus of the test's own.</summary>
    internal static Task<AgentRun> StartAgentOnBusAsync(string display, string state, string bus, int port = 0) =>
        AgentRun.StartAsync(state, ["run", "--state", state, "--listen", $"127.0.0.1:{port}", "--surface", "none"], display, systemBus: bus);

    internal string[] Connecting(IPEndPoint agent) => ["--grant", GrantFile, "--sign-with", Tenant, "--code-from", CodeFile, "--connect", agent.ToString()];

    internal Task<Ran> ViewAsync(AgentRun agent, params string[] arguments) =>
        SampleProgram.RunAsync(SampleProgram.Viewer, [.. arguments, .. Connecting(agent.EndPoint)]);

    /// <summary>A technician in this process, for what the command line does not do; stretches the code once.</summary>
    internal async Task<RemoteSession> ConnectAsync(AgentRun agent, ReadOnlyMemory<byte> resumeToken = default)
    {
        Assert.True(Grant.TryReadPem(await File.ReadAllTextAsync(GrantFile), out Grant? grant));
        identity ??= TenantIdentity.Open(Tenant);
        if (secret is null)
        {
            Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(Code, AccessCodeKind.Generated, out AccessCode? code));
            using (code) secret = code!.MakeSecret(grant);
        }

        var viewer = new RemoteAccessViewer(identity.TechnicianKey, identity.IssueCertificate("Alex Tester", Operations.All, TimeProvider.System.GetUtcNow()));
        return await viewer.ReconnectAsync(async limit => await Transport.TcpLink.ConnectAsync(agent.EndPoint, limit), grant, secret, new ConnectOptions { ResumeToken = resumeToken },
            TimeSpan.FromSeconds(30), Helpdesk.Limit());
    }

    /// <summary>The same for another grant and its code, in one attempt.</summary>
    internal async Task<RemoteSession> ConnectAsync(IPEndPoint agent, string grantFile, string code, ConnectOptions options)
    {
        Assert.True(Grant.TryReadPem(await File.ReadAllTextAsync(grantFile), out Grant? grant));
        identity ??= TenantIdentity.Open(Tenant);
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(code, AccessCodeKind.Generated, out AccessCode? read));
        using (read)
        {
            var viewer = new RemoteAccessViewer(identity.TechnicianKey, identity.IssueCertificate("Alex Tester", Operations.All, TimeProvider.System.GetUtcNow()));
            return await viewer.ConnectAsync(agent, grant, read!, options, Helpdesk.Limit());
        }
    }

    internal static Task<Ran> AskAsync(string command, string state, params string[] more) =>
        SampleProgram.RunAsync(SampleProgram.Agent, [command, "--state", state, .. more]);

    public ValueTask DisposeAsync()
    {
        secret?.Dispose();
        identity?.Dispose();
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The display of a generated code: four groups of five.</summary>
    [GeneratedRegex("^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$")]
    internal static partial Regex CodeDisplay();
}
