using System.Diagnostics;
using System.Net;
using QuickStart;
using RemoteAccess;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

// A whole session in one process, over TCP on this machine, with the real handshake:
//   1  a screen: the one in front of you if there is one and you agree, else a drawn one
//   2  the customer's consent becomes a grant, and the grant an access code
//   3  the agent listens, the technician connects
//   4  the picture comes, a line is typed and found in it
//   5  the session ends; the customer reads what was done and verifies the record

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

string state = Directory.CreateTempSubdirectory("remoteaccess-quickstart-").FullName;
try
{
    Console.WriteLine("RemoteAccess quick start: agent and viewer in one process, over TCP on this machine.");
    Console.WriteLine();

    await using StagedDesktop stage = await StagedDesktop.ChooseAsync(stop.Token);
    Console.WriteLine($"1  Screen      {stage.Description}");

    using TenantIdentity tenant = TenantIdentity.Create(Path.Combine(state, "tenant"));
    await using TrustFlow trust = TrustFlow.Open(new TrustOptions
    {
        StateDirectory = Path.Combine(state, "agent"),
        // Whoever sits there agreed at this terminal a moment ago, and it says what is done while it is done. A product demands a surface.
        Surface = stage.Virtual is null ? SurfaceRequirement.ShownByHostApplication : null,
    });
    var terms = new GrantTerms { Operations = Operations.ViewScreen | Operations.ControlInput, NotAfter = TimeProvider.System.GetUtcNow().AddMinutes(10) };
    Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(terms, stage.Consent, tenant.PublicKey.Span));
    using AccessCode code = AccessCode.Generate();
    using (AccessVerifier verifier = code.MakeVerifier(grant))
    {
        InstallOutcome outcome = await trust.InstallAsync(grant, verifier, "QuickStart:This computer:" + trust.ComputerName, stage.Consent, stop.Token);
        if (outcome != InstallOutcome.Installed) throw new InvalidOperationException($"The grant was not installed: {outcome}.");
    }

    Console.WriteLine($"2  Consent     {stage.Consent.ConsentedBy} agreed: \"{stage.Consent.Statement}\"");
    Console.WriteLine($"               The grant holds for 10 minutes; its access code was generated and is kept nowhere.");

    using var agentStop = new CancellationTokenSource();
    var address = new TaskCompletionSource<IPEndPoint>();
    var agent = new RemoteAccessAgent(trust, stage.Desktop);
    agent.SessionBegan += (_, session) => Console.WriteLine($"               Agent: {session.Technician} is connected, may {session.Operations}.");
    Task serving = agent.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), address.SetResult, agentStop.Token);

    var viewer = new RemoteAccessViewer(tenant.TechnicianKey, tenant.IssueCertificate("Quick Start", Operations.All, TimeProvider.System.GetUtcNow()));
    long start = Stopwatch.GetTimestamp();
    using (AccessSecret secret = await Task.Run(() => code.MakeSecret(grant)))
    {
        TimeSpan stretching = Stopwatch.GetElapsedTime(start);
        var link = await RemoteAccess.Transport.TcpLink.ConnectAsync(await address.Task, stop.Token);
        start = Stopwatch.GetTimestamp();
        await using RemoteSession session = await viewer.ConnectAsync(link, grant, secret, new ConnectOptions { Reason = "Quick start" }, stop.Token);
        Console.WriteLine($"3  Connected   handshake {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms, after {stretching.TotalMilliseconds:0} ms of stretching the access code");
        await Demonstration.RunAsync(session, stage, stop.Token);
    }

    await agentStop.CancelAsync();
    await serving;

    Console.WriteLine();
    Console.WriteLine("5  What the customer can read afterwards:");
    foreach (LedgerEntry entry in trust.ReadHistory()) Console.WriteLine("   " + HistoryLine.Describe(entry));
    Console.WriteLine($"   {trust.VerifyLedger()}");
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception error) when (error is StateException or DesktopException or AccessRefusedException or RemoteAccess.Transport.ChannelException or IOException)
{
    Console.Error.WriteLine($"QuickStart: {error.Message}");
    return 1;
}
finally
{
    Directory.Delete(state, recursive: true);
}
