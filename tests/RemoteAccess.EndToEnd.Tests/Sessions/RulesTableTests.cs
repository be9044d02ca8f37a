using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using RemoteAccess.Tests.Architecture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>docs/threat-model.md, "Rules learned from what went wrong elsewhere": one test for each row, named after it.</summary>
[SupportedOSPlatform("linux")]
public sealed class RulesTableTests
{
    [Fact]
    public async Task SetUpReachableAgain_NothingAnswersBeforeTheHandshakeAndTheKeyIsMadeOnce()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        ReadOnlyMemory<byte> key = desk.Trust.HostKey;
        // Every message of every stream, in the clear and as if a session's keys had sealed it.
        foreach (MessageStream stream in Enum.GetValues<MessageStream>())
        {
            int kinds = stream switch
            {
                MessageStream.Control => Enum.GetValues<ControlMessage.KindOneofCase>().Max(static kind => (int)kind),
                MessageStream.Input => Enum.GetValues<InputMessage.KindOneofCase>().Max(static kind => (int)kind),
                _ => 4,
            };
            for (int kind = 0; kind <= kinds; kind++)
            {
                byte[] body = [.. Tag((uint)((kind << 3) | 2)), 0, .. new byte[24]];
                byte[] message = [(byte)stream, 0, 0, (byte)body.Length, .. body];
                foreach (byte frameKind in (byte[])[1, 2]) await SayAsync(desk, [frameKind, 0, 0, (byte)message.Length, .. message]);
            }
        }

        Assert.Empty(desk.Desktop.PressedKeys);
        Assert.DoesNotContain(desk.Trust.ReadHistory(), entry => entry.Type.StartsWith("operation.", StringComparison.Ordinal));
        Assert.Empty(desk.History("session.accepted"));
        Assert.Empty(desk.History("operation.used"));
        await using TrustFlow again = desk.OpenTrust();
        Assert.Equal(key.ToArray(), again.HostKey.ToArray());
        File.Delete(Path.Combine(desk.State, "host.key"));
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => desk.OpenTrust()).Error);
    }

    [Fact]
    public async Task SetUpReachableAgain_TheSurfacesSocketObeysNoOtherAccount()
    {
        string root = Directory.CreateTempSubdirectory("ra-e2e-").FullName, state = Path.Combine(root, "state");
        try
        {
            await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = state, ComputerName = "FRONTDESK", Surface = new SurfaceRequirement(), SurfaceUser = _ => 4711u });
            using var stranger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await stranger.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(state, "surface")), Helpdesk.Limit());
            await using var stream = new NetworkStream(stranger);
            int answer = 0;
            try
            {
                await stream.WriteAsync("{\"id\":1,\"do\":\"block\"}\n"u8.ToArray(), Helpdesk.Limit());
                answer = await stream.ReadAsync(new byte[1], Helpdesk.Limit());
            }
            catch (IOException cut)
            {
                Assert.IsType<SocketException>(cut.InnerException);
            }

            Assert.Equal(0, answer);
            Assert.True(trust.BlockedUntil <= DateTimeOffset.UtcNow);
            Assert.DoesNotContain(trust.ReadHistory(), entry => entry.Type.Contains("block", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>What comes back is in the clear, and nothing once the agent has left: no session.</summary>
    private static async Task SayAsync(Helpdesk desk, byte[] frame)
    {
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = desk.Serve(far);
        await near.Output.WriteAsync(frame, Helpdesk.Limit());
        await near.Output.CompleteAsync();
        await serving.WaitAsync(Helpdesk.Limit());
        using var answer = new MemoryStream();
        await near.Input.CopyToAsync(answer, Helpdesk.Limit());
        byte[] said = answer.ToArray();
        for (int at = 0; at < said.Length;)
        {
            Assert.True(FrameHeader.TryRead(said.AsSpan(at, FrameHeader.Size), out FrameHeader header));
            Assert.Equal(FrameKind.Clear, header.Kind);
            at += FrameHeader.Size + header.Length;
        }
        await near.DisposeAsync();
    }

    private static byte[] Tag(uint tag) => tag < 0x80 ? [(byte)tag] : [(byte)(tag | 0x80), (byte)(tag >> 7)];

    [Fact]
    public async Task ZipSlip_NoTextFromTheWireBecomesAPath()
    {
        const string Climbing = "../../../outside";
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        TechnicianCertificate named = desk.Tenant.IssueCertificate(Climbing, Operations.All, desk.Time.GetUtcNow());
        await using WitnessStore witness = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Reason = Climbing, Witness = witness }, viewer: new RemoteAccessViewer(desk.Tenant.TechnicianKey, named, desk.Time));
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        GrantDraft draft = await visit.Session.Customer.ProposeGrantAsync(
            new GrantProposal { Nickname = Climbing, Operations = Operations.ViewScreen, NotAfter = desk.Time.GetUtcNow().AddDays(1), Reason = Climbing }, Helpdesk.Limit());
        using AccessCode code = AccessCode.Generate();
        await visit.Session.Customer.CompleteGrantAsync(desk.Tenant.Countersign(draft), code, Helpdesk.Limit());
        await visit.Session.DisposeAsync();
        await visit.EndAsync();

        Assert.Contains(desk.History("session.accepted"), entry => entry.Data().ToJsonString().Contains("outside", StringComparison.Ordinal));
        Assert.All(EntriesIn(desk.State), name => Assert.Matches("^(version|host\\.key|block|stop|lock|ledger(/[0-9a-z.-]+)?|sessions|notices(/[a-z]+-[0-9a-f]{32}\\.json)?|grants(/[0-9a-f]{32}(/[a-z]+)?)?)$", name));
        Assert.All(EntriesIn(desk.WitnessDirectory), name => Assert.Matches("^(lock|(computers|alarms|receipts)(/[0-9a-f]{32,64}(-[0-9a-f]+)?(\\.[a-z]+)?)?|ledger(/[0-9a-z.-]+)?)$", name));
        Assert.Contains(EntriesIn(desk.WitnessDirectory), name => name.StartsWith("receipts/", StringComparison.Ordinal));
        Assert.Equal(["technician.key", "tenant.key"], EntriesIn(Path.Combine(Path.GetDirectoryName(desk.State)!, "tenant")).Order());
        Assert.Equal(["state", "tenant", "witness"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(desk.State)!).Select(path => Path.GetFileName(path)).Order());
        Assert.Contains(desk.Trust.Grants, grant => grant.Nickname == Climbing);
    }

    private static IEnumerable<string> EntriesIn(string root) => Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path));

    [Fact]
    public async Task OverPrivilegedKey_CertificatesDraftsAndCodesAreNoWiderThanWhatTheyComeFrom()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.ControlInput });
        DateTimeOffset now = desk.Time.GetUtcNow();
        using EcdsaSigningKey otherTenant = EcdsaSigningKey.Create();
        var consent = new OnSiteConsent { Statement = "Until I take it back.", ConsentedBy = "Erika", Method = ConsentMethod.OnSiteVerbal };

        // A technician's key certifies nobody, not even itself; what the tenant certified is not altered; and nothing is wanted beyond it.
        TechnicianCertificate own = TechnicianCertificate.Sign(desk.Tenant.TechnicianKey, new byte[16], desk.Tenant.TechnicianKey.PublicKey, "Alex Tester", now, now.AddHours(1), Operations.All);
        Assert.Equal(RefusalReason.NotAuthorized, await RefusedAsync(desk, own, Operations.ViewScreen));
        TechnicianCertificate narrow = desk.Tenant.IssueCertificate("Alex Tester", Operations.ViewScreen, now);
        Assert.Equal(RefusalReason.OperationNotGranted, await RefusedAsync(desk, narrow, Operations.ViewScreen | Operations.ControlInput));
        var answers = new HashSet<RefusalReason>();
        for (int i = 0; i < narrow.Encoded.Length; i++)
        {
            byte[] altered = narrow.Encoded.ToArray();
            altered[i] ^= 2;
            if (!TechnicianCertificate.TryRead(altered, out TechnicianCertificate? read)) continue;
            Assert.False(read.IsSignedBy(desk.Tenant.PublicKey.Span), $"byte {i}");
            if (read.MaxOperations != narrow.MaxOperations) answers.Add(await RefusedAsync(desk, read, read.MaxOperations & desk.Grant.MaxOperations));
        }
        Assert.Equal([RefusalReason.NotAuthorized], answers);

        var random = new Random(11);
        for (int i = 0; i < 20; i++)
        {
            Operations chosen = (Operations)random.Next(1, (int)Operations.All + 1);
            var terms = new GrantTerms { Operations = chosen, NotAfter = now.AddDays(1) };
            GrantDraft draft = desk.Trust.DraftOnSiteGrant(terms, consent, desk.Tenant.PublicKey.Span);
            Assert.Throws<ArgumentException>(() => draft.Countersign(otherTenant));
            Grant wide = desk.Tenant.Countersign(draft);
            Assert.Equal(chosen, wide.MaxOperations);
            bool isWider = (chosen & ~desk.Grant.MaxOperations) != 0;
            GrantTerms following = GrantTerms.Of(desk.Grant) with { Operations = chosen };
            if (isWider) Assert.Throws<ArgumentException>(() => desk.Trust.DraftCodeChange(desk.Grant.Id, following));
            else Assert.Equal(chosen, desk.Tenant.Countersign(desk.Trust.DraftCodeChange(desk.Grant.Id, following)).MaxOperations);
            // Not by going round the draft either.
            using AccessVerifier verifier = Helpdesk.Code.ToVerifier();
            if (isWider) Assert.Equal(CodeChangeOutcome.Wider, await desk.Trust.ChangeCodeAsync(desk.Grant.Id, wide, verifier, "Erika", Helpdesk.Limit()));
        }
        Assert.Throws<ArgumentException>(() => desk.Trust.DraftOnSiteGrant(new GrantTerms { Operations = (Operations)((int)Operations.All + 1), NotAfter = now.AddDays(1) }, consent, desk.Tenant.PublicKey.Span));
        Assert.Equal(GrantState.Live, Assert.Single(desk.Trust.Grants).State);
    }

    private static async Task<RefusalReason> RefusedAsync(Helpdesk desk, TechnicianCertificate certificate, Operations wanted) => (await Assert.ThrowsAsync<AccessRefusedException>(() =>
        desk.ConnectAsync(new ConnectOptions { Operations = wanted }, viewer: new RemoteAccessViewer(desk.Tenant.TechnicianKey, certificate, desk.Time)))).Reason;

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
    public void UriHandler_NothingInTheProductTakesAUri()
    {
        var words = new Regex("uri|url|href|hyperlink|(^|[a-z])Link$|^link$", RegexOptions.None, TimeSpan.FromSeconds(10));
        Assert.Empty(Members().SelectMany(static member => member.GetParameters(), static (member, parameter) => (member, parameter))
            .Where(at => at.parameter.ParameterType == typeof(Uri) || (IsText(at.parameter.ParameterType) && at.parameter.Name is { } name && words.IsMatch(char.ToLowerInvariant(name[0]) + name[1..].Replace("Ur", "ur", StringComparison.Ordinal))))
            .Select(at => $"{at.member.DeclaringType}.{at.member.Name}({at.parameter.Name})"));

        static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlySpan<char>) || type == typeof(ReadOnlyMemory<char>);
    }

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
