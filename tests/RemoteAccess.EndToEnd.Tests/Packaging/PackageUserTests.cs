using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using RemoteAccess.Tests.Architecture;

namespace RemoteAccess.Tests.Packaging;

/// <summary>
/// An application of somebody else: nothing of this repository but the packages, from a folder that is its only source. What they need beside themselves is on this machine already; nothing is fetched.
/// Built for Windows and run by Wine.
/// </summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(PackedTwice))]
[Trait("Category", "Slow")]
public sealed class PackageUserTests(PackedTwice packed)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <InvariantGlobalization>true</InvariantGlobalization>
            <RestoreSources>PACKED</RestoreSources>
            <RestoreFallbackFolders>MACHINE</RestoreFallbackFolders>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="RemoteAccess.Windows" Version="VERSION" />
            <PackageReference Include="Microsoft.Extensions.Hosting" Version="HOSTING" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>The agent in a host, and a technician who looks at its screen.</summary>
    private const string Program = """
        using System.Net;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        using RemoteAccess;
        using RemoteAccess.Trust;

        IPEndPoint endPoint = new(IPAddress.Loopback, int.Parse(args[0]));
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddRemoteAccessAgent(agent =>
        {
            if (OperatingSystem.IsWindows()) agent.UseWindows();
            agent.ShowSessionsByHostApplication().KeepStateIn("state").ListenOn(endPoint);
        });
        using IHost host = builder.Build();
        await host.StartAsync();

        TrustFlow trust = host.Services.GetRequiredService<TrustFlow>();
        using TenantIdentity tenant = TenantIdentity.Create("tenant");
        using AccessCode code = AccessCode.Generate();
        OnSiteConsent consent = new() { Statement = "You may.", ConsentedBy = "Ada Byron", Method = ConsentMethod.OnSiteVerbal };
        Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(new GrantTerms { Operations = Operations.ViewScreen, NotAfter = DateTimeOffset.UtcNow.AddDays(1) }, consent, tenant.PublicKey.Span));
        using (AccessVerifier verifier = code.MakeVerifier(grant)) Console.WriteLine(await trust.InstallAsync(grant, verifier, "Contoso:Till 1:Ada", consent, default));

        RemoteAccessViewer viewer = new(tenant.TechnicianKey, tenant.IssueCertificate("Alex Tester", Operations.All, DateTimeOffset.UtcNow));
        await using (RemoteSession session = await viewer.ConnectAsync(endPoint, grant, code, new ConnectOptions { Operations = Operations.ViewScreen }))
        {
            await foreach (var update in session.Picture.ReadUpdatesAsync())
            {
                Console.WriteLine($"{session.Platform} {update.Size}");
                break;
            }
        }
        await host.StopAsync();
        Console.WriteLine(trust.VerifyLedger().Ok);
        return 0;
        """;

    [Fact]
    public async Task Package_InAnApplicationOfItsOwn_BuildsAndServesATechnicianOnWindows()
    {
        Programs.Require("Xvfb", "bash");
        Ran prepared = await SampleProgram.RunAsync("bash", [Path.Combine(RepositoryTree.Root, "eng", "wine.sh"), "prepare"]);
        if (prepared.ExitCode == 3) Assert.Skip(prepared.Error.Trim());
        DirectoryInfo work = Directory.CreateTempSubdirectory("ra-user-");
        try
        {
            string folder = Path.Combine(work.FullName, "app"), published = Path.Combine(work.FullName, "published"), machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            Directory.CreateDirectory(folder);
            string package = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(packed.First, "RemoteAccess.Windows.*.nupkg"))), pinned = RepositoryTree.Read("Directory.Packages.props");
            await File.WriteAllTextAsync(Path.Combine(folder, "app.csproj"), Project.Replace("VERSION", package["RemoteAccess.Windows.".Length..], StringComparison.Ordinal)
                .Replace("HOSTING", System.Xml.Linq.XDocument.Parse(pinned).Descendants("ExtVersion").Single().Value, StringComparison.Ordinal)
                .Replace("PACKED", packed.First, StringComparison.Ordinal).Replace("MACHINE", machine, StringComparison.Ordinal), Cancel);
            await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program, Cancel);

            await RunAsync("dotnet", folder, work.FullName, "publish", "-c", "Release", "-r", "win-x64", "--self-contained", "-o", published, "-v", "q", "-nodeReuse:false");
            // It is what was packed just now, and not what another run left on this machine.
            Assert.True(Directory.Exists(Path.Combine(work.FullName, "packages", "remoteaccess.windows")));
            string said = await RunAsync("bash", published, work.FullName, Path.Combine(RepositoryTree.Root, "eng", "wine.sh"), "run", published, "app.exe", FreePort().ToString(CultureInfo.InvariantCulture));

            string[] lines = [.. said.ReplaceLineEndings("\n").Split('\n').Where(static line => !line.StartsWith("info:", StringComparison.Ordinal) && !line.StartsWith(' ') && line.Length > 0)];
            Assert.Equal(3, lines.Length);
            Assert.Equal(("Installed", "True"), (lines[0], lines[2]));
            Assert.Matches("^Microsoft Windows .* 1280x800$", lines[1]);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(string program, string directory, string work, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string variable in (string[])["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"]) start.Environment.Remove(variable);
        start.Environment["NUGET_PACKAGES"] = Path.Combine(work, "packages");
        start.Environment["WINE_SECONDS"] = "120";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancel), error = process.StandardError.ReadToEndAsync(Cancel);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        Assert.True(process.ExitCode == 0, $"{program} {arguments[0]} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }
}
