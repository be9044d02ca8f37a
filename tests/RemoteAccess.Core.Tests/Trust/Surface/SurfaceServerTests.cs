using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>Who may connect, and what becomes of those who do not behave.</summary>
[UnsupportedOSPlatform("windows")]
[Trait("Platform", "Unix")]
public sealed class SurfaceServerTests : IAsyncDisposable
{
    private const uint Nobody = 65534;

    private readonly TrustFixture fixture = new();
    private readonly List<RawSurface> surfaces = [];
    private readonly string open = Path.Combine("/tmp", $"ra-surface-{Guid.NewGuid():N}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (RawSurface surface in surfaces) surface.Dispose();
        await fixture.DisposeAsync();
        if (Directory.Exists(open)) Directory.Delete(open, recursive: true);
    }

    [Theory]
    [InlineData(4711u)]
    [InlineData(null)]
    public async Task Connect_OtherOrUnknownAccount_IsTurnedAwayWithoutAWord(uint? user)
    {
        fixture.Open(Wanted with { SurfaceUser = _ => user });
        RawSurface stranger = Connect();

        Assert.Equal(0, await stranger.ReadToEndAsync());
    }

    [Fact]
    public async Task Connect_OwnAccount_GetsTheStatusWithoutAsking()
    {
        fixture.Open(Wanted);
        RawSurface surface = Connect();

        JsonObject first = (await surface.ReadAsync())!;

        Assert.Equal(1, (int)first["version"]!);
        Assert.Equal("FRONTDESK", (string?)surface.Status!["computer"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(fixture.State, "surface")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_RealOtherAccount_OnlyWhenItIsNamed(bool isNamed)
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "Only root can be another account for a test.");
        Directory.CreateDirectory(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        TrustFlow trust = fixture.Open(Wanted with { Surface = new SurfaceRequirement { SocketPath = Path.Combine(open, "surface"), Users = isNamed ? [Nobody] : [Nobody - 1] } });
        Grant grant = await fixture.GrantAsync(trust);

        string answer = await RunAsync("/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "/usr/bin/python3", "-c", $$$"""
            import socket, sys
            s = socket.socket(socket.AF_UNIX); s.connect("{{{open}}}/surface")
            try:
                s.sendall(b'{"id":1,"do":"revoke","grant":"{{{Convert.ToHexStringLower(grant.Id.Span)}}}"}\n')
                for line in s.makefile():
                    if '"id":1' in line: print(line.strip()); break
            except (BrokenPipeError, ConnectionResetError): pass
            """]);

        Assert.Equal(isNamed, trust.Grants[0].State == GrantState.Revoked);
        if (isNamed) Assert.Equal("uid 65534", (string?)Assert.Single(TrustFixture.History(trust, "grant.revoked")).Actor()["name"]);
        else Assert.Equal("", answer);
    }

    [Fact]
    public void Open_SocketWhereOthersCanPutAnother_IsRefused()
    {
        Directory.CreateDirectory(open);
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);

        StateException exposed = Assert.Throws<StateException>(() => fixture.Open(Wanted with { Surface = new SurfaceRequirement { SocketPath = Path.Combine(open, "surface") } }));

        Assert.Equal(StateError.Exposed, exposed.Error);
        Assert.Throws<ArgumentException>(() => fixture.Open(Wanted with { Surface = new SurfaceRequirement { Users = [1000] } }));
        Assert.Throws<ArgumentException>(() => fixture.Open(Wanted with { Surface = new SurfaceRequirement { SocketPath = "surface" } }));
    }

    [Fact]
    public void Open_PathLongerThanTheSystemAllows_SaysSo() => Assert.Throws<StateException>(() =>
        fixture.Open(Wanted with { StateDirectory = Directory.CreateDirectory(Path.Combine(fixture.Root, new string('x', 120)), PrivateFile.DirectoryMode).FullName }));

    public static TheoryData<string> Garbage =>
    [
        "garbage\n", "\n", "[]\n", "null\n", "{}\n", "{\"shown\":1,\"seen\":0}\n", "{\"shown\":true}\n", "{\"shown\":true,\"shown\":true,\"seen\":1}\n", "{\"id\":\"7\",\"do\":\"stop\"}\n",
        "\0\0\0\0\n", new string('[', 2000) + "\n", "{\"id\":1,\"do\":\"" + new string('x', 5000) + "\"}\n", new string('y', 100_000), "\xFF\xFE\n",
    ];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Client_SaysWhatNoSurfaceSays_IsCutOffAndOthersAreNot(string garbage)
    {
        TrustFlow trust = fixture.Open(Wanted);
        Grant grant = await fixture.GrantAsync(trust);
        RawSurface good = Connect(), bad = Connect();
        await good.ShowAsync(true);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        await bad.ReadAsync();

        bad.TrySend(Encoding.Latin1.GetBytes(garbage));

        await bad.ReadToEndAsync();
        await good.ShowAsync(true);
        view.Demand();
        Assert.Empty(TrustFixture.History(trust, "sessions.stopped"));
    }

    [Fact]
    public async Task Client_Floods_IsCutOff()
    {
        fixture.Open(Wanted);
        RawSurface good = Connect(), bad = Connect();
        await bad.ReadAsync();
        byte[] many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"shown\":false,\"seen\":0}\n", SurfaceClient.MaxLines + 1)));
        bad.TrySend(many);

        await bad.ReadToEndAsync();
        await good.ShowAsync(true);
    }

    [Fact]
    public async Task Client_SendsAsMuchAsIsAllowed_IsNotCutOff()
    {
        fixture.Open(Wanted);
        RawSurface surface = Connect();
        for (int i = 0; i < 3; i++)
        {
            surface.Send(string.Concat(Enumerable.Repeat("{\"shown\":false,\"seen\":0}\n", SurfaceClient.MaxLines / 2)));
            await surface.ShowAsync(true);
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await surface.ShowAsync(true);
    }

    [Fact]
    public async Task Client_AsksWithoutReading_IsCutOff()
    {
        TrustFlow trust = fixture.Open(Wanted);
        for (int i = 0; i < 100; i++) await trust.UnblockAsync(new string('e', 250), Cancel);
        RawSurface good = Connect(), bad = Connect();
        bad.Socket.ReceiveBufferSize = 4096;
        await bad.ReadAsync();
        bool isCut = false;
        for (int id = 1; id <= 2000 && !isCut; id++)
        {
            isCut = !bad.TrySend(Encoding.ASCII.GetBytes($$"""{"id":{{id}},"do":"history","skip":0,"count":500}""" + "\n"));
            // The moment that a real surface would let pass; a write that waits runs out of time meanwhile.
            if (id % 10 != 0) continue;
            await good.ShowAsync(true);
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(isCut);
        await good.ShowAsync(true);
    }

    [Fact]
    public async Task Client_Silent_IsCutOffAfter10SecondsAndNotBefore()
    {
        fixture.Open(Wanted);
        RawSurface silent = Connect();
        await silent.ShowAsync(true);
        fixture.Time.Advance(SurfaceClient.SilenceLimit - TimeSpan.FromMilliseconds(1));
        await silent.ShowAsync(true);

        fixture.Time.Advance(SurfaceClient.SilenceLimit);

        await silent.ReadToEndAsync();
    }

    [Fact]
    public async Task Client_HalfOpen_IsLetGo()
    {
        fixture.Open(Wanted);
        RawSurface half = Connect();
        await half.ShowAsync(true);

        half.Socket.Shutdown(SocketShutdown.Send);

        await half.ReadToEndAsync();
    }

    [Fact]
    public async Task Clients_MoreThanEight_AreTurnedAwayUntilOneLeaves()
    {
        fixture.Open(Wanted);
        RawSurface[] eight = [.. Enumerable.Range(0, SurfaceServer.MaxClients).Select(_ => Connect())];
        foreach (RawSurface surface in eight) await surface.ShowAsync(true);

        Assert.Equal(0, await Connect().ReadToEndAsync());
        foreach (RawSurface surface in eight) await surface.ShowAsync(true);
        eight[3].Dispose();

        await Patience.UntilAsync(async () => await Connect().ReadAsync() is not null);
    }

    [Fact]
    public async Task TwoAgents_OfOneState_OneListensAndTheOtherTakesOver()
    {
        TrustFlow first = fixture.Open(Wanted), second = fixture.Open(Wanted);
        Grant grant = await fixture.GrantAsync(first);
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        Assert.Equal(RefusalReason.SurfaceLost, (await TrustFixture.AdmitAsync(second, fixture.Request(grant))).Refusal);

        await first.DisposeAsync();
        await surface.ReadToEndAsync();
        await Patience.UntilAsync(() =>
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(File.Exists(Path.Combine(fixture.State, "surface")));
        });

        RawSurface again = null!;
        await Patience.UntilAsync(async () => await (again = Connect()).ReadAsync() is not null);
        await again.ShowAsync(true);
        await (await TrustFixture.ConnectAsync(second, fixture.Request(grant))).DisposeAsync();
    }

    [Fact]
    public async Task Open_SocketFileOfAnAgentThatWasKilled_IsReplaced()
    {
        fixture.Open();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            string elsewhere = Path.Combine(fixture.Root, "dead");
            dead.Bind(new UnixDomainSocketEndPoint(elsewhere));
            File.Move(elsewhere, Path.Combine(fixture.State, "surface"));
        }
        fixture.Open(Wanted);

        Assert.NotNull(await Connect().ReadAsync());
    }

    private TrustOptions Wanted => fixture.Options with { Surface = new SurfaceRequirement() };

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> complaints = process.StandardError.ReadToEndAsync(Cancel);
        string output = await process.StandardOutput.ReadToEndAsync(Cancel);
        Assert.Equal("", await complaints);
        await process.WaitForExitAsync(Cancel);
        return output;
    }

    private RawSurface Connect()
    {
        RawSurface surface = RawSurface.Open(fixture);
        surfaces.Add(surface);
        return surface;
    }
}
