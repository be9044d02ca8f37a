using System.Net;
using Microsoft.Extensions.Hosting;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Snippets;

/// <summary>The code that README shows; compiled here, compared by DocumentTests.</summary>
internal static class ReadmeSnippets
{
    internal static void Agent(string[] args)
    {
        // snippet: agent
        var app = Host.CreateApplicationBuilder(args);
        app.Services.AddRemoteAccessAgent(agent => agent
            .UseX11()                                               // or .UseVirtualDesktop()
            .RequireSurface()                                       // nobody gets in unless X11Surface, in a process of its own, shows them
            .KeepStateIn("/var/lib/contoso/remote-support")
            .ListenOn(new IPEndPoint(IPAddress.Any, 7700)));
        app.Build().Run();
        // end of snippet
    }

    internal static async Task ConsentAsync(TrustFlow trust, TenantIdentity tenant, CancellationToken cancellationToken)
    {
        // snippet: consent
        var consent = new OnSiteConsent
        {
            Statement = "Contoso may look after this computer until the end of the year.",
            ConsentedBy = "Ada Byron",
            Method = ConsentMethod.OnSiteVerbal,
        };
        var terms = new GrantTerms { Operations = Operations.ViewScreen | Operations.ControlInput, NotAfter = new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero) };
        Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(terms, consent, tenant.PublicKey.Span));

        using AccessCode code = AccessCode.Generate();              // 20 characters; the computer never sees them,
        using AccessVerifier verifier = code.MakeVerifier(grant);   // it keeps only this
        await trust.InstallAsync(grant, verifier, "Contoso:Front desk:Ada", consent, cancellationToken);
        // end of snippet
    }

    internal static async Task ViewerAsync(
        ISigningKey technicianKey, TechnicianCertificate certificate, EndPoint computer, Grant grant, AccessCode accessCode, CancellationToken cancellationToken)
    {
        // snippet: viewer
        var viewer = new RemoteAccessViewer(technicianKey, certificate);
        await using RemoteSession session = await viewer.ConnectAsync(computer, grant, accessCode, cancellationToken: cancellationToken);
        await session.Input.TypeAsync("ipconfig\n", cancellationToken);
        await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(cancellationToken))
        {
            Show(update.Size, update.Pixels, update.Damage);        // text is exact; update.IsExact says when all is
        }
        // end of snippet
    }

    private static void Show(PixelSize size, ReadOnlySpan<byte> pixels, IReadOnlyList<PixelRect> damage) => Console.WriteLine($"{size} {pixels.Length} {damage.Count}");
}
