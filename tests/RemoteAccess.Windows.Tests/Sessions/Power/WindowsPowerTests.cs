using System.Collections.Concurrent;
using Microsoft.Win32;
using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>Restart and safe mode on a registry of the test's own; the boot menu and Windows' restart are stand-ins.</summary>
public sealed class WindowsPowerTests : IDisposable
{
    private const string Service = "Contoso.Support", RunOnce = @"SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce", Network = @"SYSTEM\CurrentControlSet\Control\SafeBoot\Network\" + Service;
    private readonly string name = $@"SOFTWARE\RemoteAccess-test-{Guid.NewGuid():N}";
    private readonly RegistryKey root;
    private readonly TestPermit permit = new(Operations.Restart);
    private readonly List<(TimeSpan Notice, bool Forces)> restarts = [];
    private readonly List<bool> boots = [];
    private readonly FakeTime time = new();
    private readonly FakeLogger log = new();
    private int aborts, abortAnswer;
    private bool isSafe;
    private Exception? fault;
    private ConcurrentQueue<string>? happened;

    public WindowsPowerTests() => root = Registry.CurrentUser.CreateSubKey(name);

    private WindowsPower Power => new(Mode, Restart, Abort, time, log);

    private SafeMode Mode => new(root, Service, Boot);

    private Queue<int> Answers { get; } = new();

    [Fact]
    public async Task Restart_Normal_AsksWindowsWithANoticeAndNoForce()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), await Power.RestartAsync(RestartMode.Normal, permit.Permit, CancellationToken.None));
        Assert.Equal([(TimeSpan.FromSeconds(10), false)], restarts);
        Assert.Empty(boots);
    }

    [Fact]
    public async Task Restart_Locked_ForcesWithALongerNotice()
    {
        Answers.Enqueue(Advapi32Power.MachineLocked);
        Assert.Equal(TimeSpan.FromSeconds(60), await Power.RestartAsync(RestartMode.Normal, permit.Permit, CancellationToken.None));
        Assert.Equal([(TimeSpan.FromSeconds(10), false), (TimeSpan.FromSeconds(60), true)], restarts);
    }

    [Fact]
    public async Task Restart_SafeMode_HasTheWayBackBeforeTheBootMenu()
    {
        await Power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None);

        Assert.True(isSafe);
        Assert.True(Mode.IsPrepared);
        Assert.Equal("Service", root.OpenSubKey(Network)!.GetValue(""));
        string undo = (string)root.OpenSubKey(RunOnce)!.GetValue($"*{Service}.NormalBoot")!;
        Assert.Equal($"\"{Environment.SystemDirectory}\\bcdedit.exe\" /deletevalue {{current}} safeboot", undo);
        Assert.Single(restarts);
        // The service's first act in safe mode.
        Assert.True(Mode.Undo(out _));
        AssertAsBefore();
        Assert.False(Mode.Undo(out string? why));
        Assert.Null(why);
    }

    [Fact]
    public async Task Service_StartedInSafeMode_UndoesItBeforeAnythingElse()
    {
        Mode.Prepare();
        FakeLogger log = new();

        Assert.Equal(["boot menu: False", "program started", "work: True"], await StartServiceAsync(Mode, log));

        Assert.Contains(log.Lines, static line => line.Contains("safe mode", StringComparison.Ordinal) && line.StartsWith("Information", StringComparison.Ordinal));
        AssertAsBefore();
    }

    [Fact]
    public async Task Service_SafeModeThatCannotBeUndone_IsSaidAndTheAgentStarts()
    {
        Mode.Prepare();
        fault = new DesktopException(DesktopError.MissingExtension, "no bcdedit here");
        FakeLogger log = new();

        Assert.Equal(["program started", "work: True"], await StartServiceAsync(Mode, log));

        Assert.Contains(log.Lines, static line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("no bcdedit here", StringComparison.Ordinal));
        Assert.True(Mode.IsPrepared);
    }

    /// <summary>As by hand, and at every other start.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Service_NotStartedInSafeMode_ChangesNothingAndSaysNothing(bool isService)
    {
        FakeLogger log = new();

        Assert.Equal(["program started", $"work: {isService}"], await StartServiceAsync(isService ? Mode : null, log));

        Assert.DoesNotContain(log.Lines, static line => line.Contains("safe mode", StringComparison.Ordinal));
        AssertAsBefore();
    }

    /// <summary>RunOnce was quicker than the service.</summary>
    [Fact]
    public void Undo_BootMenuIsNormalAlready_CleansUpAllTheSame()
    {
        Mode.Prepare();
        isSafe = false;
        Assert.True(Mode.Undo(out _));
        AssertAsBefore();
    }

    [Fact]
    public void Undo_BootMenuCannotBeChanged_KeepsTheWayBack()
    {
        Mode.Prepare();
        fault = new DesktopException(DesktopError.MissingExtension, "no");
        Assert.False(Mode.Undo(out string? why));
        Assert.Equal("no", why);
        Assert.True(Mode.IsPrepared);
        Assert.NotNull(root.OpenSubKey(RunOnce)!.GetValue($"*{Service}.NormalBoot"));
        fault = null;
        Assert.True(Mode.Undo(out _));
        AssertAsBefore();
    }

    [Fact]
    public async Task Restart_BootMenuRefuses_LeavesNothingAndDoesNotRestart()
    {
        fault = new DesktopException(DesktopError.MissingExtension, "no");
        await Assert.ThrowsAsync<DesktopException>(async () => await Power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None));
        AssertAsBefore();
        Assert.Empty(restarts);
    }

    [Fact]
    public async Task Restart_WindowsRefuses_TakesSafeModeBack()
    {
        Answers.Enqueue(5);
        await Assert.ThrowsAsync<DesktopException>(async () => await Power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None));
        AssertAsBefore();
    }

    [Fact]
    public async Task Restart_NormalOutOfSafeMode_UndoesIt()
    {
        Mode.Prepare();
        await Power.RestartAsync(RestartMode.Normal, permit.Permit, CancellationToken.None);
        AssertAsBefore();
    }

    [Fact]
    public async Task Restart_NotPermittedOrNotSupported_ChangesNothing()
    {
        WindowsPower plain = new(null, Restart, Abort, time, log);
        Assert.True(plain.Supports(RestartMode.Normal));
        Assert.False(plain.Supports(RestartMode.SafeModeWithNetworking));
        Assert.False(Power.Supports((RestartMode)3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await plain.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None));
        using TestPermit other = new(Operations.ViewScreen);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Power.RestartAsync(RestartMode.Normal, other.Permit, CancellationToken.None));
        permit.Withdraw();
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await Power.RestartAsync(RestartMode.Normal, permit.Permit, CancellationToken.None));
        Assert.Empty(restarts);
        AssertAsBefore();
    }

    /// <summary>Windows counts down for all to see; what the customer takes away meanwhile does not happen.</summary>
    [Theory]
    [InlineData(RestartMode.Normal, false)]
    [InlineData(RestartMode.SafeModeWithNetworking, false)]
    [InlineData(RestartMode.SafeModeWithNetworking, true)]
    public async Task Restart_TakenAwayWhileItCountsDown_IsTakenBackAndSafeModeToo(RestartMode mode, bool isLocked)
    {
        if (isLocked) Answers.Enqueue(Advapi32Power.MachineLocked);
        await using WindowsPower power = Power;
        TimeSpan notice = await power.RestartAsync(mode, permit.Permit, CancellationToken.None);
        Assert.Equal(mode == RestartMode.SafeModeWithNetworking, isSafe);
        await Eventually.Is(() => time.HasTimerAt(notice), "the countdown is watched");
        time.Advance(notice - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, aborts);

        permit.Withdraw();

        await Eventually.Is(() => log.Lines.Any(static line => line.Contains("took the restart back", StringComparison.Ordinal)), "it is taken back, and said");
        Assert.Equal(1, aborts);
        await power.DisposeAsync();
        AssertAsBefore();
        Assert.DoesNotContain(log.Lines, static line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    /// <summary>Somebody at the computer had stopped it already; and Windows that does not let it be stopped.</summary>
    [Theory]
    [InlineData(Advapi32Power.NoShutdown, false)]
    [InlineData(5, true)]
    public async Task Restart_ThatCannotBeTakenBack_IsAnErrorUnlessNoneIsUnderWay(int answer, bool isError)
    {
        abortAnswer = answer;
        await using WindowsPower power = Power;
        await power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None);
        permit.Withdraw();

        await Eventually.Is(() => !Mode.IsPrepared, "safe mode is taken back all the same");
        await power.DisposeAsync();
        Assert.Equal(isError, log.Lines.Any(static line => line.StartsWith("Error", StringComparison.Ordinal)));
        AssertAsBefore();
    }

    /// <summary>The technician who asked for it and leaves; and the agent's own end, which a restart brings.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_TechnicianLeavesOrAgentEnds_StaysAndSoDoesSafeMode(bool leaves)
    {
        WindowsPower power = Power;
        await power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None);
        if (leaves) permit.EndSession();
        await Eventually.Never(() => aborts > 0, "It was taken back.");
        await power.DisposeAsync();

        Assert.Equal(0, aborts);
        Assert.True(Mode.IsPrepared);
        Assert.True(isSafe);
    }

    /// <summary>A program with unsaved work, or a person, has stopped it: the next start, days later, is not in safe mode.</summary>
    [Fact]
    public async Task Restart_ThatDoesNotHappen_TakesSafeModeBack()
    {
        await using WindowsPower power = Power;
        TimeSpan notice = await power.RestartAsync(RestartMode.SafeModeWithNetworking, permit.Permit, CancellationToken.None);
        await Eventually.Is(() => time.HasTimerAt(notice), "the countdown is watched");
        time.Advance(notice);
        await Eventually.Is(() => time.HasTimerAt(notice + WindowsPower.StoppedAfter), "it is waited for");
        time.Advance(WindowsPower.StoppedAfter - TimeSpan.FromMilliseconds(1));
        Assert.True(Mode.IsPrepared);

        time.Advance(TimeSpan.FromMilliseconds(1));

        await Eventually.Is(() => log.Lines.Any(static line => line.Contains("did not happen", StringComparison.Ordinal)), "that is said");
        Assert.Equal(0, aborts);
        AssertAsBefore();
    }

    [Theory]
    [InlineData("")]
    [InlineData(@"a\b")]
    [InlineData("a b")]
    public void ServiceName_ThatIsNone_IsRefused(string service) => Assert.Throws<ArgumentException>(() => WindowsSafeMode.UndoAtStart(service));

    public void Dispose()
    {
        root.Dispose();
        Registry.CurrentUser.DeleteSubKeyTree(name, throwOnMissingSubKey: false);
        permit.Dispose();
    }

    /// <summary>What happened at a start of the service, in order; whether it can be asked for safe mode.</summary>
    private async Task<IReadOnlyList<string>> StartServiceAsync(SafeMode? mode, FakeLogger log)
    {
        ConcurrentQueue<string> acts = happened = new();
        FakeSessions sessions = new() { OnStart = () => acts.Enqueue("program started") };
        WindowsServiceOptions options = TestProgram.Options(log) with { SurfaceArguments = null };
        await new WindowsService(options).ServeAsync(sessions, new SessionChanges(), mode, async (context, _) =>
        {
            await Eventually.Is(() => acts.Contains("program started"), "the helper is started");
            acts.Enqueue($"work: {context.Desktop.Power.Supports(RestartMode.SafeModeWithNetworking)}");
            Assert.True(context.Desktop.Power.Supports(RestartMode.Normal));
        }, static () => { }, CancellationToken.None).WaitAsync(Eventually.Limit);
        return [.. acts];
    }

    private int Restart(TimeSpan notice, bool forces)
    {
        restarts.Add((notice, forces));
        return Answers.TryDequeue(out int answer) ? answer : 0;
    }

    private int Abort()
    {
        aborts++;
        return abortAnswer;
    }

    /// <summary>As bcdedit: what is not set cannot be deleted. The way back is there before.</summary>
    private void Boot(bool isOn)
    {
        if (fault is not null) throw fault;
        if (!isOn && !isSafe) throw new DesktopException(DesktopError.MissingExtension, "Element not found.");
        Assert.True(Mode.IsPrepared);
        Assert.NotNull(root.OpenSubKey(RunOnce)?.GetValue($"*{Service}.NormalBoot"));
        boots.Add(isOn);
        happened?.Enqueue($"boot menu: {isOn}");
        isSafe = isOn;
    }

    private void AssertAsBefore()
    {
        Assert.False(isSafe);
        Assert.False(Mode.IsPrepared);
        Assert.Null(root.OpenSubKey(Network));
        Assert.Null(root.OpenSubKey(RunOnce)?.GetValue($"*{Service}.NormalBoot"));
    }
}
