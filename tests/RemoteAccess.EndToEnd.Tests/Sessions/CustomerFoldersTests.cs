using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Folders that the customer shares and takes back while a technician is connected.</summary>
public sealed class CustomerFoldersTests
{
    [Fact]
    public async Task Share_InARunningSession_IsThereAtOnceAndTakenBackItIsGone()
    {
        await using FileRoom room = await FileRoom.OpenAsync(sharing => sharing with { Folders = [] });
        await using TrustFlow customer = room.Desk.OpenTrust();
        await File.WriteAllTextAsync(Path.Combine(room.Logs, "setup.log"), "all is well", Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();
        Assert.Equal(RefusalReason.NotAvailable, (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Files.ListAsync(cancellationToken: Helpdesk.Limit()))).Reason);

        Assert.True(await customer.SharedFolders.ShareAsync(new SharedFolder("Logs", room.Logs, isReadOnly: true), "Erika", Helpdesk.Limit()));
        RemoteFile logs = await FileRoom.FindAsync(visit, "Logs"), file = await FileRoom.FindAsync(visit, "Logs", "setup.log");
        Assert.True(logs.IsReadOnly);
        var got = new MemoryStream();
        await visit.Session.Files.DownloadAsync(file.Id, got, cancellationToken: Helpdesk.Limit());
        Assert.Equal("all is well"u8.ToArray(), got.ToArray());

        Assert.True(await customer.SharedFolders.TakeBackAsync("Logs", "Erika", Helpdesk.Limit()));
        Assert.True(await customer.SharedFolders.ShareAsync(new SharedFolder("Inbox", room.Inbox), "Erika", Helpdesk.Limit()));
        Assert.Equal(RefusalReason.FileGone, await RefusalAsync(() => visit.Session.Files.ListAsync(logs.Id, Helpdesk.Limit())));
        Assert.Equal(RefusalReason.FileGone, await RefusalAsync(() => visit.Session.Files.DownloadAsync(file.Id, new MemoryStream(), cancellationToken: Helpdesk.Limit())));
        Assert.Equal(["Inbox"], (await visit.Session.Files.ListAsync(cancellationToken: Helpdesk.Limit())).Files.Select(one => one.Name));
        // Another folder under the name of the first: what was told of that one is no way into this one.
        Assert.True(await customer.SharedFolders.ShareAsync(new SharedFolder("Logs", room.Outside), "Erika", Helpdesk.Limit()));
        Assert.Equal(RefusalReason.FileGone, await RefusalAsync(() => visit.Session.Files.ListAsync(logs.Id, Helpdesk.Limit())));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TakeBack_WhileAFileIsOnItsWay_BreaksItOff(bool isToComputer)
    {
        await using FileRoom room = await FileRoom.OpenAsync(sharing => sharing with { Folders = [] });
        await using TrustFlow customer = room.Desk.OpenTrust();
        Assert.True(await customer.SharedFolders.ShareAsync(new SharedFolder("Inbox", room.Inbox), "Erika", Helpdesk.Limit()));
        await File.WriteAllBytesAsync(Path.Combine(room.Inbox, "big.bin"), new byte[50_000_000], Helpdesk.Limit());
        Visit visit = await room.ConnectAsync();
        RemoteFile inbox = await FileRoom.FindAsync(visit, "Inbox"), big = await FileRoom.FindAsync(visit, "Inbox", "big.bin");
        var held = new HeldStream(50_000_000, 3_000_000);
        Task transfer = isToComputer ? visit.Session.Files.UploadAsync(inbox.Id, "half.bin", held, cancellationToken: Helpdesk.Limit()) : visit.Session.Files.DownloadAsync(big.Id, held, cancellationToken: Helpdesk.Limit());
        await held.Reached.WaitAsync(Helpdesk.Limit());

        Assert.True(await customer.SharedFolders.TakeBackAsync("Inbox", "Erika", Helpdesk.Limit()));
        held.Release();

        Assert.Equal(RefusalReason.FileGone, await RefusalAsync(() => transfer));
        Assert.Equal(["big.bin"], Directory.GetFileSystemEntries(room.Inbox).Select(Path.GetFileName));
        Assert.Equal("FileGone", (string?)Assert.Single(room.Desk.History("file.ended")).Data()["refusal"]);
    }

    [Fact]
    public async Task HostsFolders_AroundTheState_AreNotThere()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.TransferFiles });
        var agent = new RemoteAccessAgent(desk.Trust, desk.Desktop, desk.Time) { SharedFolders = [new SharedFolder("Everything", Path.GetDirectoryName(desk.State)!), new SharedFolder("Keys", desk.State), new SharedFolder("Temp", Path.GetPathRoot(desk.State)!)] };
        (Transport.MemoryLink near, Transport.MemoryLink far) = Transport.MemoryLink.CreatePair();
        Task serving = agent.ServeAsync(far);
        await using (RemoteSession session = await desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, new ConnectOptions { Operations = Operations.TransferFiles }, Helpdesk.Limit()))
            Assert.Empty((await session.Files.ListAsync(cancellationToken: Helpdesk.Limit())).Files);
        await serving.WaitAsync(Helpdesk.Limit());
    }

    private static async Task<RefusalReason> RefusalAsync(Func<Task> act) => (await Assert.ThrowsAsync<AccessRefusedException>(act)).Reason;
}
