using System.Net;
using System.Threading.Channels;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Sessions as a technician has them, over TCP, one after another with the same agent on this desktop.</summary>
[Collection(OneDesktop.Name)]
public sealed class WholeSessionsTests
{
    private static readonly AccessSecret Code = AccessSecret.FromStretched([.. Enumerable.Range(1, 80).Select(static value => (byte)value)]);

    [Fact]
    public async Task FiftySessions_ConnectedWatchedTypedInAndClosed_LeaveNoHandleOrGuiObject()
    {
        string root = Directory.CreateTempSubdirectory("ra-whole-").FullName;
        using TestWindow window = new(0, 0, 640, 480);
        using TenantIdentity tenant = TenantIdentity.Create(Path.Combine(root, "tenant"));
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(root, "state"), ComputerName = "FRONTDESK", Surface = SurfaceRequirement.ShownByHostApplication });
        Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(
            new GrantTerms { Operations = Operations.ViewScreen | Operations.ControlInput, NotAfter = TimeProvider.System.GetUtcNow().AddDays(1) }, TrustFixture.Consent, tenant.PublicKey.Span));
        using (AccessVerifier verifier = Code.ToVerifier()) Assert.Equal(InstallOutcome.Installed, await trust.InstallAsync(grant, verifier, "Contoso:Frontdesk:Erika", TrustFixture.Consent, Cancel));
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions());
        RemoteAccessAgent agent = new(trust, desktop);
        Channel<bool> ended = Channel.CreateUnbounded<bool>();
        agent.SessionEnded += (_, _) => ended.Writer.TryWrite(true);
        TaskCompletionSource<IPEndPoint> listening = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task serving = agent.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), listening.SetResult, stop.Token);
        IPEndPoint endPoint = await listening.Task.WaitAsync(Eventually.Limit);
        RemoteAccessViewer viewer = new(tenant.TechnicianKey, tenant.IssueCertificate("Alex Tester", Operations.All, TimeProvider.System.GetUtcNow()));

        async Task VisitAsync(int number)
        {
            await using (Transport.ILink link = await Transport.TcpLink.ConnectAsync(endPoint, Cancel))
            await using (RemoteSession session = await viewer.ConnectAsync(link, grant, Code, new ConnectOptions(), Cancel))
            {
                bool hasSeen = false;
                await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(Cancel))
                {
                    hasSeen = update.Size.Width > 0 && update.IsExact;
                    if (hasSeen) break;
                }
                Assert.True(hasSeen);
                (int x, int y) = (20 + (number * 3), 30 + (number * 2));
                await session.Input.ClickAsync(x, y, cancellationToken: Cancel);
                await session.Input.PressAsync("ctrl+a", Cancel);
                await Eventually.Is(() => Prank.Pointer() is var at && at.X == x && at.Y == y, "the technician's mouse arrives");
            }
            await ended.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Eventually.Limit);
        }

        for (int i = 0; i < 5; i++) await VisitAsync(i);
        // What is made once, by a busy computer late, is there after the first fifty; what sessions leave grows with each fifty.
        int sessions = 5;
        Held before, after = Held.Now();
        do
        {
            Assert.True(sessions <= 105, $"more after each fifty sessions: {after}");
            before = after;
            for (int i = 0; i < 50; i++, sessions++) await VisitAsync(i);
            after = Held.Now();
            // Threads of the pool that have nothing more to do give theirs back within their half minute.
            for (int look = 0; look < 40 && after.Handles > before.Handles; look++)
            {
                await Task.Delay(1000, Cancel);
                after = Held.Now();
            }
            TestContext.Current.TestOutputHelper?.WriteLine($"before {before}, after {after}");
        }
        while (after.Handles > before.Handles || after.Gdi > before.Gdi || after.User > before.User);
        Assert.Equal(sessions, trust.ReadHistory().Count(entry => entry.Type == "session.ended"));
        await stop.CancelAsync();
        await serving;
        Directory.Delete(root, recursive: true);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
