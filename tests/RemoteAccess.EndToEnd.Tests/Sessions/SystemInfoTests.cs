using System.Runtime.InteropServices;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a technician is told about the computer.</summary>
public sealed class SystemInfoTests
{
    [Fact]
    public async Task Read_Permitted_IsThisComputerAndRecorded()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.SystemInfo });
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.SystemInfo });

        SystemInfo info = await visit.Session.SystemInfo.ReadAsync(Helpdesk.Limit());

        Assert.Equal((Environment.MachineName, Environment.ProcessorCount, $"{RuntimeInformation.OSArchitecture}"), (info.ComputerName, info.Processors, info.Architecture));
        Assert.Contains(info.System, await File.ReadAllTextAsync("/etc/os-release", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.StartsWith((await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", TestContext.Current.CancellationToken)).Trim(), info.Kernel, StringComparison.Ordinal);
        Assert.InRange(info.MemoryAvailableBytes, 1, info.MemoryBytes);
        Assert.Equal(TimeZoneInfo.Local.Id, info.TimeZone);
        // The kernel's two clocks may be a little apart.
        DateTimeOffset booted = DateTimeOffset.UtcNow.AddMilliseconds(-Environment.TickCount64);
        Assert.NotNull(info.BootedAt);
        Assert.InRange(info.BootedAt.Value, booted.AddHours(-1), booted.AddHours(1));
        DiskInfo root = Assert.Single(info.Disks, disk => disk.Name == "/");
        Assert.Equal(new DriveInfo("/").TotalSize, root.TotalBytes);
        Assert.InRange(root.FreeBytes, 0, root.TotalBytes);
        Assert.NotEmpty(info.AgentVersion);
        Assert.Equal(["SystemInfo"], desk.History("operation.used").Select(entry => (string?)entry.Data()["operations"]?[0]));
        await visit.Session.SystemInfo.ReadAsync(Helpdesk.Limit());
        Assert.Equal(2, desk.History("system-info.read").Count);
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Read_WithdrawnOrNotGranted_IsRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.SystemInfo | Operations.ViewScreen });
        Visit watching = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
        Assert.Equal(RefusalReason.OperationNotGranted, await RefusalAsync(watching));
        await watching.DisposeAsync();
        await watching.EndAsync();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.SystemInfo });
        await visit.Session.SystemInfo.ReadAsync(Helpdesk.Limit());
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);

        await live.WithdrawAsync(Operations.SystemInfo, "Erika", Helpdesk.Limit());

        Assert.Equal(RefusalReason.Withdrawn, await RefusalAsync(visit));
        await live.RestoreAsync(Operations.SystemInfo, "Erika", Helpdesk.Limit());
        await visit.Session.SystemInfo.ReadAsync(Helpdesk.Limit());
        Assert.Equal(2, desk.History("system-info.read").Count);
    }

    private static async Task<RefusalReason> RefusalAsync(Visit visit) => (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.SystemInfo.ReadAsync(Helpdesk.Limit()))).Reason;
}
