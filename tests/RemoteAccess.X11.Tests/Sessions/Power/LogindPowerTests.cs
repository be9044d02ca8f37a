using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Restart by logind, on a real bus with one that restarts nothing.</summary>
public sealed class LogindPowerTests
{
    [Fact]
    public async Task Restart_Allowed_IsScheduledWithAMessageToThoseLoggedOn()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        using TestPermit permit = new(Operations.Restart);
        DateTimeOffset before = TimeProvider.System.GetUtcNow();

        await using LogindPower power = Power(bus.Address);
        TimeSpan notice = await power.RestartAsync(RestartMode.Normal, permit.Permit, Scene.Limit());

        Assert.Equal(LogindPower.Notice, notice);
        Assert.Equal(["CanReboot", "SetWallMessage True A technician who is connected restarts this computer. 'shutdown -c' stops it.", "ScheduleShutdown reboot"], logind.Calls);
        DateTimeOffset when = Assert.Single(logind.Scheduled);
        Assert.InRange(when, before + notice - TimeSpan.FromSeconds(1), TimeProvider.System.GetUtcNow() + notice);
    }

    [Fact]
    public async Task Restart_NobodyCanBeTold_IsScheduledAllTheSame()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address, LogindManners.TellsNobody);
        using TestPermit permit = new(Operations.Restart);
        await using LogindPower power = Power(bus.Address);
        await power.RestartAsync(RestartMode.Normal, permit.Permit, Scene.Limit());
        Assert.Single(logind.Scheduled);
    }

    [Theory]
    [InlineData("SaysNo", "may not restart")]
    [InlineData("Challenges", "administrator's password")]
    [InlineData("SaysNonsense", "nothing that is known")]
    [InlineData("AnswersWrongType", "nothing that is known")]
    [InlineData("Silent", "within 5 s")]
    public async Task Restart_LogindDoesNotSayYes_IsRefusedWithTheReason(string manners, string why)
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address, Enum.Parse<LogindManners>(manners));
        await RefusedAsync(bus.Address, why);
        Assert.Equal(["CanReboot"], logind.Calls);
    }

    [Fact]
    public async Task Restart_RefusedAtLast_SaysWhatLogindSaid()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address, LogindManners.RefusesSchedule);
        await RefusedAsync(bus.Address, "Permission denied");
    }

    /// <summary>What is said not to happen must not happen.</summary>
    [Fact]
    public async Task Restart_ScheduleIsNotAnswered_IsTakenBack()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address, LogindManners.SilentSchedule);
        await RefusedAsync(bus.Address, "within 5 s");
        await Eventually.Is(() => logind.Calls.Last() == "CancelScheduledShutdown", "it is taken back");
    }

    [Fact]
    public async Task Restart_NoLogindOrNoBus_IsRefused()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        await RefusedAsync(bus.Address, "org.freedesktop.login1");
        await RefusedAsync(null, "no system bus");
        await RefusedAsync("unix:path=/nowhere/bus", "not restarted");
        await RefusedAsync("nonsense", "not restarted");
    }

    [Fact]
    public async Task Restart_WithoutPermitOrInSafeMode_AsksNobody()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        await using LogindPower power = Power(bus.Address);
        using TestPermit permit = new(Operations.Restart);
        Assert.False(power.Supports(RestartMode.SafeModeWithNetworking));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, Scene.Limit()));
        await Assert.ThrowsAsync<ArgumentException>(async () => await power.RestartAsync(RestartMode.Normal, TestPermit.ForView(), Scene.Limit()));
        permit.Withdraw();
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await power.RestartAsync(RestartMode.Normal, permit.Permit, Scene.Limit()));
        Assert.Empty(logind.Calls);
    }

    /// <summary>Nothing happens later that the customer has taken away.</summary>
    [Theory]
    [InlineData(RefusalReason.Withdrawn)]
    [InlineData(RefusalReason.Stopped)]
    [InlineData(RefusalReason.Blocked)]
    [InlineData(RefusalReason.Revoked)]
    public async Task Scheduled_CustomerTakesItAway_IsTakenBack(RefusalReason why)
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        await using LogindPower power = Power(bus.Address);
        using CancellationTokenSource withdrawn = new();
        await power.RestartAsync(RestartMode.Normal, new OperationPermit(Operations.Restart, () => why, withdrawn.Token), Scene.Limit());
        await withdrawn.CancelAsync();
        await Eventually.Is(() => logind.Calls.Last() == "CancelScheduledShutdown", "it is taken back");
    }

    [Fact]
    public async Task Scheduled_TechnicianLeavesOrAgentEnds_StaysScheduled()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        using FakeLogind logind = await FakeLogind.OpenAsync(bus.Address);
        using CancellationTokenSource withdrawn = new();
        using TestPermit other = new(Operations.Restart);
        await using (LogindPower power = Power(bus.Address))
        {
            await power.RestartAsync(RestartMode.Normal, new OperationPermit(Operations.Restart, () => RefusalReason.SessionEnded, withdrawn.Token), Scene.Limit());
            await power.RestartAsync(RestartMode.Normal, other.Permit, Scene.Limit());
            await withdrawn.CancelAsync();
            await Eventually.Never(() => logind.Calls.Contains("CancelScheduledShutdown"), "It was taken back.");
        }
        other.Withdraw();
        await Eventually.Never(() => logind.Calls.Contains("CancelScheduledShutdown"), "It was taken back.");
    }

    [Fact]
    public async Task Desktop_HasIt()
    {
        await using XServer server = await XServer.StartXvfbAsync(320, 200);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        Assert.True(((IDesktop)desktop).Power!.Supports(RestartMode.Normal));
    }

    private static LogindPower Power(string? bus) => new(bus, TimeProvider.System, NullLogger.Instance);

    private static async Task RefusedAsync(string? bus, string why)
    {
        using TestPermit permit = new(Operations.Restart);
        await using LogindPower power = Power(bus);
        DesktopException refused = await Assert.ThrowsAsync<DesktopException>(async () => await power.RestartAsync(RestartMode.Normal, permit.Permit, Scene.Limit()));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
