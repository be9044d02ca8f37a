using System.Globalization;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>The customer sees on the surface what is shared, and takes it back there.</summary>
public sealed class SurfaceFolderTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();
    private readonly string inbox, logs;

    public SurfaceFolderTests()
    {
        inbox = Directory.CreateDirectory(Path.Combine(fixture.Root, "inbox")).FullName;
        logs = Directory.CreateDirectory(Path.Combine(fixture.Root, "logs")).FullName;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Status_SharedByAnotherProcess_IsShownAndTakenBackFromTheSurface()
    {
        TrustFlow trust = Open(), elsewhere = fixture.Open();
        await using SurfaceConnection surface = await ConnectAsync();
        Assert.Empty(surface.Status.Folders);
        Assert.True(await elsewhere.SharedFolders.ShareAsync(new SharedFolder("Inbox", inbox), "Erika", Cancel));
        Assert.True(await elsewhere.SharedFolders.ShareAsync(new SharedFolder("Logs", logs, isReadOnly: true), "Erika", Cancel));
        fixture.Time.Advance(SurfaceServer.PollPeriod);
        await Patience.UntilAsync(() => surface.Status.Folders.Count == 2);
        Assert.Equal([new SurfaceFolder("Inbox", inbox, IsReadOnly: false, IsCustomers: true), new SurfaceFolder("Logs", logs, IsReadOnly: true, IsCustomers: true)], surface.Status.Folders);

        await surface.DoAsync(new SurfaceAction.TakeBackFolder("inbox"), Cancel);

        Assert.Equal("Logs", Assert.Single(surface.Status.Folders).Name);
        Assert.Equal("Logs", Assert.Single(trust.SharedFolders.Now()).Name);
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "folder.taken-back"));
        Assert.Equal((Environment.UserName, "Inbox"), ((string?)entry.Actor()["name"], (string?)entry.Data()["folder"]));
        await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(new SurfaceAction.TakeBackFolder("Inbox"), Cancel));
    }

    [Fact]
    public async Task Status_HostApplicationsFolder_StandsBeforeTheCustomersOfTheSameNameAndStays()
    {
        TrustFlow trust = Open();
        trust.SharedFolders.HostFolders = [new SharedFolder("Inbox", logs)];
        Assert.True(await trust.SharedFolders.ShareAsync(new SharedFolder("INBOX", inbox), "Erika", Cancel));
        await using SurfaceConnection surface = await ConnectAsync();
        fixture.Time.Advance(SurfaceServer.PollPeriod);

        await Patience.UntilAsync(() => surface.Status.Folders.Count > 0);

        Assert.Equal(new SurfaceFolder("Inbox", logs, IsReadOnly: false, IsCustomers: false), Assert.Single(surface.Status.Folders));
    }

    [Fact]
    public async Task Status_ListDamaged_SaysSoAndSharesNothing()
    {
        TrustFlow trust = Open();
        Assert.True(await trust.SharedFolders.ShareAsync(new SharedFolder("Inbox", inbox), "Erika", Cancel));
        PrivateFile.Write(Path.Combine(fixture.State, "shared.json"), "{"u8.ToArray());
        await using SurfaceConnection surface = await ConnectAsync();
        fixture.Time.Advance(SurfaceServer.PollPeriod);

        await Patience.UntilAsync(() => surface.Status.AreFoldersDamaged);

        Assert.Empty(surface.Status.Folders);
        // Nobody is kept out by it.
        Assert.Null(surface.Status.Trouble);
    }

    private TrustFlow Open() => fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });

    private Task<SurfaceConnection> ConnectAsync() => SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.InvariantCulture, fixture.Time, Cancel);
}
