using System.Runtime.InteropServices;
using System.Security.AccessControl;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>What is asked of Windows when a service is installed, and what is refused; nothing is started.</summary>
[Collection(OneDesktop.Name)]
public sealed class InstalledServiceTests : IAsyncLifetime
{
    private readonly WindowsService service = new(TestProgram.Options());

    public async ValueTask InitializeAsync()
    {
        Wine.Require();
        if (service.IsRunning is not null) await service.UninstallAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (service.IsRunning is not null) await service.UninstallAsync();
    }

    /// <summary>What Wine forgets, at the seam: as Windows would have got it.</summary>
    [Fact]
    public unsafe void Install_AsksForARestartAfterEachFailureAndAfterAnEndWithAnError()
    {
        List<(int, uint)> actions = [];
        Dictionary<uint, int> flags = [];
        string description = "";
        InstalledService installed = new(TestProgram.Options(), (_, setting, info) =>
        {
            if (setting == Advapi32Service.Description) description = new string(*(char**)info);
            else if (setting == Advapi32Service.FailureActions) actions.AddRange(new ReadOnlySpan<ServiceAction>(((ServiceFailureActions*)info)->Actions, (int)((ServiceFailureActions*)info)->Count).ToArray().Select(static action => (action.Kind, action.DelayMilliseconds)));
            else flags.Add(setting, *(int*)info);
            return 1;
        });

        installed.Install("\"C:\\Program Files\\Agent\\agent.exe\"");

        Assert.Equal([(Advapi32Service.ActionRestart, 5_000u), (Advapi32Service.ActionRestart, 30_000u), (Advapi32Service.ActionRestart, 300_000u)], actions);
        Assert.Equal(new Dictionary<uint, int> { [Advapi32Service.DelayedStart] = 1, [Advapi32Service.FailureFlag] = 1 }, flags);
        Assert.Equal(TestProgram.Options().Description, description);
    }

    /// <summary>A service whose list entry is half of what was asked for, as one that nothing starts again, is none.</summary>
    [Fact]
    public void Install_OfWhichWindowsRefusesASetting_LeavesNoService()
    {
        InstalledService installed = new(TestProgram.Options(), static (_, _, _) =>
        {
            Marshal.SetLastPInvokeError(Advapi32Service.AccessDenied);
            return 0;
        });

        Assert.Equal(ServiceError.NotAdministrator, Assert.Throws<ServiceException>(() => installed.Install("\"C:\\Program Files\\Agent\\agent.exe\"")).Error);
        Assert.Null(service.IsRunning);
    }

    [Fact]
    public void Install_OfAProgramThatOthersCanReplace_IsRefusedAndInstallsNothing()
    {
        ServiceException refusal = Assert.Throws<ServiceException>(() => service.Install(static file => $"{Path.GetFileName(file)}: everybody may change it"));

        Assert.Equal(ServiceError.Exposed, refusal.Error);
        Assert.Contains("everybody may change it", refusal.Message, StringComparison.Ordinal);
        Assert.Null(service.IsRunning);
    }

    /// <summary>The check of the public method, on the folder that this program is in; Wine keeps of a list what Unix has.</summary>
    [Fact]
    public void Install_FromAFolderThatEverybodyMayChange_IsRefused()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        DirectorySecurity before = folder.GetAccessControl(AccessControlSections.Access), open = new();
        open.SetSecurityDescriptorSddlForm("D:P(A;OICI;FA;;;WD)", AccessControlSections.Access);
        folder.SetAccessControl(open);
        try
        {
            Assert.Equal(ServiceError.Exposed, Assert.Throws<ServiceException>(() => service.Install()).Error);
            Assert.Null(service.IsRunning);
        }
        finally
        {
            folder.SetAccessControl(before);
        }
    }

    /// <summary>As the list of services does, or the process of a service that is still ending.</summary>
    [Fact]
    public async Task Uninstall_OfOneThatIsOpenSomewhere_ReturnsWhenItIsGoneAndAnotherCanBeInstalled()
    {
        InstalledService installed = new(TestProgram.Options(), static (_, _, _) => 1);
        installed.Install("\"C:\\Program Files\\Agent\\agent.exe\"");
        Task removed;
        using (SafeServiceHandle manager = Advapi32Service.OpenSCManagerW(0, 0, Advapi32Service.ConnectManager))
        using (SafeServiceHandle open = Advapi32Service.OpenServiceW(manager, TestProgram.Options().Name, Advapi32Service.QueryStatus))
        {
            Assert.False(open.IsInvalid);
            removed = installed.UninstallAsync(TestContext.Current.CancellationToken);
            Assert.Equal(ServiceError.BeingDeleted, Assert.Throws<ServiceException>(() => installed.Install("\"C:\\Program Files\\Agent\\agent.exe\"")).Error);
            Assert.False(removed.IsCompleted);
        }
        await removed;

        installed.Install("\"C:\\Program Files\\Agent\\agent.exe\"");
    }

    [Fact]
    public async Task Uninstall_OfOneThatStaysOpen_SaysSoAfterHalfAMinute()
    {
        FakeTime time = new();
        InstalledService installed = new(TestProgram.Options(time: time), static (_, _, _) => 1);
        installed.Install("\"C:\\Program Files\\Agent\\agent.exe\"");
        using SafeServiceHandle manager = Advapi32Service.OpenSCManagerW(0, 0, Advapi32Service.ConnectManager);
        using SafeServiceHandle open = Advapi32Service.OpenServiceW(manager, TestProgram.Options().Name, Advapi32Service.QueryStatus);
        Assert.False(open.IsInvalid);
        Task removed = installed.UninstallAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(removed.IsCompleted);
        await Eventually.Is(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return removed.IsCompleted;
        }, "it says so");

        ServiceException said = await Assert.ThrowsAsync<ServiceException>(() => removed);
        Assert.Equal(ServiceError.BeingDeleted, said.Error);
        Assert.Contains("still open somewhere", said.Message, StringComparison.Ordinal);
    }
}
