using System.Reflection;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RemoteAccess.Tests.Architecture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>docs/trust.md, "Rules learned from what went wrong elsewhere": one test for each row, named after it.</summary>
[SupportedOSPlatform("linux")]
public sealed class RulesTableTests
{
    [Fact]
    public async Task SetUpReachableAgain_NothingAnswersBeforeTheHandshakeAndTheKeyIsMadeOnce()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        ReadOnlyMemory<byte> key = desk.Trust.HostKey;
        foreach (ControlMessage.KindOneofCase kind in Enum.GetValues<ControlMessage.KindOneofCase>())
        {
            foreach (byte frameKind in (byte[])[1, 2])
            {
                (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
                Task serving = desk.Serve(far);
                byte[] message = [0, 0, 0, 2, (byte)(((int)kind << 3) | 2), 0];
                await near.Output.WriteAsync((byte[])[frameKind, 0, 0, (byte)message.Length, .. message], Helpdesk.Limit());
                await near.Output.CompleteAsync();
                await serving.WaitAsync(Helpdesk.Limit());
                // Whatever is said in answer is no session.
                await near.DisposeAsync();
            }
        }

        Assert.Empty(desk.History("session.accepted"));
        Assert.Empty(desk.History("operation.used"));
        await using TrustFlow again = desk.OpenTrust();
        Assert.Equal(key.ToArray(), again.HostKey.ToArray());
        File.Delete(Path.Combine(desk.State, "host.key"));
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => desk.OpenTrust()).Error);
    }

    [Fact]
    public async Task ZipSlip_NoTextFromTheWireBecomesAPath()
    {
        const string Climbing = "../../../outside";
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Reason = Climbing });
        GrantDraft draft = await visit.Session.Customer.ProposeGrantAsync(
            new GrantProposal { Nickname = Climbing, Operations = Operations.ViewScreen, NotAfter = desk.Time.GetUtcNow().AddDays(1), Reason = Climbing }, Helpdesk.Limit());
        using AccessCode code = AccessCode.Generate();
        await visit.Session.Customer.CompleteGrantAsync(desk.Tenant.Countersign(draft), code, Helpdesk.Limit());
        await visit.Session.DisposeAsync();
        await visit.EndAsync();

        string[] names = [.. Directory.EnumerateFileSystemEntries(desk.State, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(desk.State, path))];
        Assert.All(names, name => Assert.Matches("^(version|host\\.key|block|stop|lock|ledger(/[0-9a-z.-]+)?|sessions|notices(/[a-z]+-[0-9a-f]{32}\\.json)?|grants(/[0-9a-f]{32}(/[a-z]+)?)?)$", name));
        Assert.Equal(["state", "tenant"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(desk.State)!).Select(path => Path.GetFileName(path)).Order());
        Assert.Contains(desk.Trust.Grants, grant => grant.Nickname == Climbing);
    }

    [Fact]
    public async Task OverPrivilegedKey_WhatIsMintedIsWithinTheMintersRights()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = new ScriptedConsentPrompt() });
        var random = new Random(7);
        for (int i = 0; i < 20; i++)
        {
            Operations rights = Operations.ViewScreen | (Operations)random.Next((int)Operations.All + 1), proposed = (Operations)random.Next(1, (int)Operations.All + 1);
            (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
            Task serving = desk.Serve(far);
            var viewer = new RemoteAccessViewer(desk.Tenant.TechnicianKey, desk.Tenant.IssueCertificate("Alex Tester", rights, desk.Time.GetUtcNow()), desk.Time);
            await using (RemoteSession session = await viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, new ConnectOptions { Operations = Operations.ViewScreen }, Helpdesk.Limit()))
            {
                AccessRefusedException refused = await Assert.ThrowsAsync<AccessRefusedException>(() => session.Customer.ProposeGrantAsync(
                    new GrantProposal { Nickname = "N", Operations = proposed, NotAfter = desk.Time.GetUtcNow().AddDays(1) }, Helpdesk.Limit()));
                Assert.Equal((proposed & ~rights) == 0 ? RefusalReason.NotConsented : RefusalReason.OperationNotGranted, refused.Reason);
            }
            await serving.WaitAsync(Helpdesk.Limit());
        }
    }

    [Fact]
    public async Task ServerOverridesALocalNo_TheComputersPolicyNarrowsWhatTheTenantSigned()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.ControlInput });
        string policy = Path.Combine(desk.State, "policy.json");
        await File.WriteAllTextAsync(policy, "{\"version\":1,\"operations\":[\"ViewScreen\"]}", Helpdesk.Limit());
        File.SetUnixFileMode(policy, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(RefusalReason.OperationNotGranted, (await visit.EndAsync()).Reason);

        Assert.Equal(RefusalReason.OperationNotGranted, (await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync())).Reason);
        Assert.Equal(Operations.ViewScreen, (await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen })).Session.Operations);
    }

    [Fact]
    public async Task FallBackWithoutCheck_AHandshakeThatFailedIsNotTriedAgain()
    {
        await using Helpdesk right = await Helpdesk.OpenAsync(), wrong = await Helpdesk.OpenAsync();
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = wrong.Serve(far);

        ChannelException error = await Assert.ThrowsAsync<ChannelException>(() => right.Viewer.ConnectAsync(near, right.Grant, Helpdesk.Code, cancellationToken: Helpdesk.Limit()));
        await serving.WaitAsync(Helpdesk.Limit());

        Assert.Equal(ChannelError.NotAuthentic, error.Error);
        // The viewer left before it said who it is: nothing of it is in the wrong computer's record, and the link is used up.
        Assert.DoesNotContain(wrong.Trust.ReadHistory(), entry => entry.Type.StartsWith("session.", StringComparison.Ordinal) && entry.Type != "session.rejected.summary");
        await Assert.ThrowsAsync<IOException>(async () => await near.Output.WriteAsync(new byte[1]));
    }

    [Fact]
    public async Task ReplayedProof_SaltAndChallengeAreSignedAndEachGuessIsChargedBeforeItsAnswer()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        byte[] salted = desk.Grant.Encoded.ToArray();
        int salt = salted.AsSpan().IndexOf(desk.Grant.Salt.Span);
        salted[salt] ^= 1;
        Assert.False(Grant.TryRead(salted, out _));

        int charged = -1;
        // Before PakeReply goes on, the guess is on the disk already.
        await using var relay = new PausingRelay(5, () =>
        {
            charged = desk.Trust.Grants[0].FailedAttempts;
            return Task.CompletedTask;
        });
        Task serving = desk.Serve(relay.Agent);
        await Assert.ThrowsAsync<AccessRefusedException>(() => desk.Viewer.ConnectAsync(relay.Technician, desk.Grant, Helpdesk.WrongCode, cancellationToken: Helpdesk.Limit()));
        await serving.WaitAsync(Helpdesk.Limit());
        Assert.Equal(1, charged);
    }

    [Fact]
    public void UriHandler_NothingInTheProductTakesAUri() =>
        Assert.Empty(Members().Where(member => member.GetParameters().Any(parameter => parameter.ParameterType == typeof(Uri))).Select(member => $"{member.DeclaringType}.{member.Name}"));

    [Fact]
    public void InstallerOutsideItsSignature_ThePackagesRunNothingWhenInstalled()
    {
        // What a package brings into its user's build may name files, and start nothing.
        var harmless = new Regex("^(Project|PropertyGroup|ItemGroup|RdXmlFile)$", RegexOptions.None, TimeSpan.FromSeconds(10));
        foreach (string path in RepositoryTree.Files("src", "*.targets").Concat(RepositoryTree.Files("src", "*.props")))
            Assert.All(XDocument.Parse(RepositoryTree.Read(path)).Descendants(), element => Assert.Matches(harmless, element.Name.LocalName));
        foreach (XDocument project in RepositoryTree.Projects("src").Values)
            Assert.DoesNotContain(project.Descendants().Attributes("PackagePath"), path => path.Value.StartsWith("tools", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(RepositoryTree.Files("src", "*.ps1").Concat(RepositoryTree.Files("src", "*.sh")));
    }

    [Fact]
    public async Task UserWritablePath_LinksAndDirectoriesOpenToOthersAreRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        string link = desk.State + "-link";
        Directory.CreateSymbolicLink(link, desk.State);
        try
        {
            Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => TrustFlow.Open(new TrustOptions { StateDirectory = link })).Error);
            File.SetUnixFileMode(desk.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
            Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => desk.OpenTrust()).Error);
        }
        finally
        {
            File.SetUnixFileMode(desk.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(link);
        }
    }

    [Theory]
    [InlineData(@"UseShellExecute\s*=\s*true")]
    [InlineData(@"\bArguments\s*=[^=]")]
    [InlineData("\"(/bin/)?(ba|da|z)?sh\"|\"cmd\\.exe\"|\"powershell(\\.exe)?\"")]
    [InlineData("EntryPoint = \"(system|popen|execl|execlp|execv)\"| (system|popen)\\(string")]
    public void ShellInjection_TheProductKnowsNoShell(string pattern) =>
        Assert.DoesNotContain(RepositoryTree.Files("src", "*.cs"), path => Regex.IsMatch(RepositoryTree.Read(path), pattern, RegexOptions.None, TimeSpan.FromSeconds(10)));

    [Fact]
    public void HiddenIndicator_NoMemberHidesAnythingOrAnswersForThePerson()
    {
        string[] product = [.. ProductAssemblies.Names.Where(name => name != "RemoteAccess.Testing")];
        var words = new Regex("Hide|Hidden|Silent|Invisible|Stealth|Suppress|AutoAccept|AutoAllow|AutoConsent|SkipConsent|SkipPrompt|WithoutConsent|NoIndicator", RegexOptions.None, TimeSpan.FromSeconds(10));
        Assert.All(product, name => Assert.DoesNotContain(RepositoryTree.Read($"src/{name}/PublicApi.txt").Split('\n'), line => words.IsMatch(line) && !line.Contains("CursorHidden", StringComparison.Ordinal)));
        // What a technician can say when connecting has no word about asking or showing.
        Assert.Equal(["Operations", "Reason", "ResumeToken"], typeof(ConnectOptions).GetProperties().Select(property => property.Name).Except(["Credentials", "Witness"]).Order());
    }

    [Fact]
    public void UnsafeParsers_TheProductBringsNoNativeCode()
    {
        Assert.Empty(new[] { "*.so", "*.dll", "*.dylib", "*.c", "*.cpp", "*.rs" }.SelectMany(pattern => RepositoryTree.Files("src", pattern)));
        Assert.DoesNotContain(RepositoryTree.Projects("src").Values.SelectMany(project => project.Descendants().Attributes("PackagePath")), path => path.Value.StartsWith("runtimes", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<MethodBase> Members() => ProductAssemblies.Names.SelectMany(name => ProductAssemblies.Load(name).GetTypes())
        .Where(type => type.Namespace?.StartsWith("RemoteAccess", StringComparison.Ordinal) == true)
        .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)).OfType<MethodBase>();
}
