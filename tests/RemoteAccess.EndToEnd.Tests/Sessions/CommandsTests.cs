using System.Text;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician runs real programs on the computer.</summary>
public sealed class CommandsTests
{
    [Fact]
    public async Task Run_Program_ItsOutputErrorAndExitCodeCome()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);

        Assert.Equal(("a b $HOME; `id` *\n", "", 0), await RunAsync(visit, "echo", "a b", "$HOME;", "`id`", "*"));
        (string output, string error, int code) = await RunAsync(visit, "/bin/ls", "/no/such/folder");
        Assert.Equal("", output);
        Assert.Contains("/no/such/folder", error, StringComparison.Ordinal);
        Assert.Equal(2, code);
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Run_WithInputAndDirectory_HasBoth()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        byte[] input = [.. Enumerable.Range(0, 8192).Select(static value => (byte)value)];

        await using (RemoteCommand cat = await visit.Session.Commands.RunAsync(new CommandRequest { Program = "cat", Input = input }, Helpdesk.Limit()))
            Assert.Equal(input, (await ReadAsync(cat)).Output);
        Assert.Equal(("/usr\n", "", 0), await RunAsync(visit, new CommandRequest { Program = "pwd", WorkingDirectory = "/usr" }));
        // Without input it is at its end, not open.
        Assert.Equal(("", "", 0), await RunAsync(visit, "cat"));
    }

    [Fact]
    public async Task Run_Environment_HasNothingThatTheAgentKnows()
    {
        Environment.SetEnvironmentVariable("CONTOSO_API_KEY", "geheim");
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);

        (string output, _, _) = await RunAsync(visit, "/usr/bin/env");

        string[] names = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0])];
        Assert.Contains("PATH", names);
        Assert.DoesNotContain(names, name => name is "CONTOSO_API_KEY" or "DISPLAY" or "XAUTHORITY" || name.StartsWith("DOTNET", StringComparison.Ordinal));
        Assert.All(names, name => Assert.True(name is "PATH" or "HOME" or "USER" or "LOGNAME" or "LANG" or "LANGUAGE" or "TZ" or "TMPDIR" or "REMOTEACCESS_COMMAND" || name.StartsWith("LC_", StringComparison.Ordinal), name));
    }

    [Fact]
    public async Task Run_IsRecordedBeforeItStartsAndWhenItIsOver()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        // What runs reads the ledger's files itself: its own words are on the disk.
        (string output, _, int code) = await RunAsync(visit, new CommandRequest { Program = "grep", WorkingDirectory = desk.LedgerDirectory, Input = "Geheimnis"u8.ToArray(), Arguments = ["-c", "-r", "--text", "command.started.*seventeen"] });

        Assert.Equal(0, code);
        Assert.NotEmpty(output);
        LedgerEntry started = Assert.Single(desk.History("command.started")), ended = Assert.Single(desk.History("command.ended"));
        string[] words = [.. started.Data()["command"]!.AsArray().Select(word => $"{word}")];
        Assert.True(Path.IsPathFullyQualified(words[0]) && Path.GetFileName(words[0]) == "grep", words[0]);
        Assert.Equal(["-c", "-r", "--text", "command.started.*seventeen"], words[1..]);
        Assert.Equal((desk.LedgerDirectory, 9, 3600), ((string?)started.Data()["workingDirectory"], (int?)started.Data()["inputBytes"], (int?)started.Data()["seconds"]));
        Assert.Equal(("Exited", 0, output.Length), ((string?)ended.Data()["ending"], (int?)ended.Data()["exitCode"], (int?)ended.Data()["outputBytes"]));
        Assert.All(desk.Trust.ReadHistory(), entry => Assert.DoesNotContain("Geheimnis", Encoding.UTF8.GetString(entry.Raw.Span), StringComparison.Ordinal));
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Output_NobodyReads_WaitsInThePipeAndNoMemoryGrows()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await using RemoteCommand yes = await visit.Session.Commands.RunAsync(new CommandRequest { Program = "yes" }, Helpdesk.Limit());
        await Eventually.Is(() => visit.Session.BytesReceived >= 15 * 1024, "what fits comes");
        await OwnTime.PassAsync(TimeSpan.FromMilliseconds(300), Helpdesk.Limit());
        long received = visit.Session.BytesReceived;
        await OwnTime.PassAsync(TimeSpan.FromMilliseconds(300), Helpdesk.Limit());
        Assert.InRange(visit.Session.BytesReceived - received, 0, 16 * 1024);
        Assert.InRange(received, 15 * 1024, 200 * 1024);

        long read = 0;
        await foreach (CommandOutput part in yes.ReadOutputAsync(Helpdesk.Limit()))
        {
            Assert.False(part.IsError);
            read += part.Data.Length;
            if (read > 4 * 1024 * 1024) break;
        }
        await yes.CancelAsync();
        Assert.Equal(new CommandEnd(CommandEnding.Cancelled, null), await yes.Completion.WaitAsync(Helpdesk.Limit()));
        Assert.Equal("Cancelled", (string?)Assert.Single(desk.History("command.ended")).Data()["ending"]);
        await AssertGoneAsync("yes", 0);
    }

    [Fact]
    public async Task TimeLimit_Reached_EndsItAndWhatItWroteComes()
    {
        var time = new FakeTime();
        string tell = Tell();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.RunCommands, Time = time });
        Visit visit = await ConnectAsync(desk);
        await using RemoteCommand command = await visit.Session.Commands.RunAsync(
            new CommandRequest { Program = "sh", Arguments = ["-c", $"echo before; sleep {tell}; echo after"], TimeLimit = TimeSpan.FromSeconds(7) }, Helpdesk.Limit());
        await Eventually.Is(() => Running(tell) > 0 && time.HasTimerAt(TimeSpan.FromSeconds(7)), "it has written, and sleeps, and its time runs");

        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(command.Completion.IsCompleted);
        Assert.NotEqual(0, Running(tell));
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal("before\n", Encoding.UTF8.GetString((await ReadAsync(command)).Output));
        Assert.Equal(new CommandEnd(CommandEnding.TimedOut, null), await command.Completion.WaitAsync(Helpdesk.Limit()));
        await AssertGoneAsync(tell, 0);
    }

    /// <summary>Children, one that has lost its parent and made a session of its own, and one that ignores signals.</summary>
    [Theory]
    [InlineData("withdrawn")]
    [InlineData("blocked")]
    [InlineData("revoked")]
    [InlineData("hung up")]
    [InlineData("cancelled")]
    public async Task Permission_Over_EverythingThatItStartedIsGoneWithinASecond(string how)
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        string tell = Tell(), script = $"(setsid sleep {tell} & ) ; (trap '' TERM HUP INT; sleep {tell}) & sleep {tell} & echo ready; sleep {tell}";
        RemoteCommand command = await visit.Session.Commands.RunAsync(new CommandRequest { Program = "sh", Arguments = ["-c", script] }, Helpdesk.Limit());
        await foreach (CommandOutput _ in command.ReadOutputAsync(Helpdesk.Limit())) break;
        await Eventually.Is(() => Running(tell) >= 5, "all run");

        TimeSpan began = OwnTime.Now;
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);
        string ending = how switch { "withdrawn" => "Withdrawn", "blocked" => "Blocked", "revoked" => "Revoked", "cancelled" => "Cancelled", _ => "SessionEnded" };
        await (how switch
        {
            "withdrawn" => live.WithdrawAsync(Operations.RunCommands, "Erika", Helpdesk.Limit()).AsTask(),
            "blocked" => desk.Trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Helpdesk.Limit()).AsTask(),
            "revoked" => desk.Trust.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit()).AsTask(),
            "cancelled" => command.CancelAsync(),
            _ => visit.Session.DisposeAsync().AsTask(),
        });
        await Eventually.Is(() => Running(tell) == 0, "nothing of it runs");
        Assert.InRange(OwnTime.Now - began, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        if (how == "cancelled") Assert.Equal(new CommandEnd(CommandEnding.Cancelled, null), await command.Completion.WaitAsync(Helpdesk.Limit()));
        else if (how == "hung up") await Assert.ThrowsAnyAsync<Exception>(() => command.Completion.WaitAsync(Helpdesk.Limit()));
        else Assert.Equal(ending, (await Assert.ThrowsAsync<AccessRefusedException>(() => command.Completion.WaitAsync(Helpdesk.Limit()))).Reason.ToString());
        await Eventually.Is(() => desk.History("command.ended").Count == 1, "its end is recorded");
        Assert.Equal((ending, null), ((string?)desk.History("command.ended")[0].Data()["ending"], (int?)desk.History("command.ended")[0].Data()["exitCode"]));
    }

    [Fact]
    public async Task Program_LeavesAProcessBehind_WhichEndsWithIt()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        string tell = Tell();

        Assert.Equal(("done\n", "", 3), await RunAsync(visit, "sh", "-c", $"(setsid sleep {tell} &); echo done; exit 3"));

        Assert.Equal(0, Running(tell));
    }

    [Fact]
    public async Task Run_NotPermitted_IsRefusedAndNothingRuns()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit watching = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
        Assert.Equal(RefusalReason.OperationNotGranted, await RefusalAsync(watching, "true"));
        Visit visit = await ConnectAsync(desk);
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(visit, "no-such-program"));
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(visit, "/etc/passwd"));
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(visit, "../bin/true"));
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(visit, new CommandRequest { Program = "true", WorkingDirectory = "/no/such" }));
        Assert.Equal(RefusalReason.NotAcceptable, await RefusalAsync(visit, new CommandRequest { Program = "true", WorkingDirectory = "tmp" }));
        Assert.Equal(RefusalReason.NotAcceptable, await RefusalAsync(visit, new CommandRequest { Program = "true", TimeLimit = TimeSpan.FromHours(2) }));
        Assert.Empty(desk.History("command.started"));
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions, session => session.Operations.HasFlag(Operations.RunCommands));
        await live.WithdrawAsync(Operations.RunCommands, "Erika", Helpdesk.Limit());
        Assert.Equal(RefusalReason.Withdrawn, await RefusalAsync(visit, "true"));
        await live.RestoreAsync(Operations.RunCommands, "Erika", Helpdesk.Limit());
        Assert.Equal(("", "", 0), await RunAsync(visit, "true"));
        Assert.Equal(["Exited"], desk.History("command.ended").Select(entry => (string?)entry.Data()["ending"]));
    }

    [Fact]
    public async Task Run_HostApplicationAllowsNone_IsRefusedWhateverTheGrantSays()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.RunCommands, Commands = null });
        Visit visit = await ConnectAsync(desk);
        Assert.Equal(RefusalReason.NotAvailable, await RefusalAsync(visit, "true"));
        Assert.Empty(desk.History("command.started"));
        Assert.Throws<ArgumentException>(() => new RemoteAccessAgent(desk.Trust, desk.Desktop) { Commands = new CommandOptions { LongestRun = TimeSpan.Zero } });
        Assert.Throws<ArgumentException>(() => new RemoteAccessAgent(desk.Trust, desk.Desktop) { Commands = new CommandOptions { Account = "" } });
    }

    [Fact]
    public async Task Run_FourAtOnce_AFifthIsBusyUntilOneIsOver()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        string tell = Tell();
        var running = new List<RemoteCommand>();
        for (int i = 0; i < 4; i++) running.Add(await visit.Session.Commands.RunAsync(new CommandRequest { Program = "sleep", Arguments = [tell] }, Helpdesk.Limit()));
        Assert.Equal(RefusalReason.Busy, await RefusalAsync(visit, "true"));

        await running[0].DisposeAsync();
        Assert.Equal(("", "", 0), await RunAsync(visit, "true"));
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        Assert.Equal(0, Running(tell));
        Assert.Equal(5, desk.History("command.ended").Count);
    }

    [Fact]
    public async Task Account_OfAnAgentThatIsRoot_IsTheOneThatTheVendorChose()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root runs programs under other accounts.");
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.RunCommands, Commands = new CommandOptions { Account = "nobody" } });
        Visit visit = await ConnectAsync(desk);

        Assert.Equal(("nobody\n", "", 0), await RunAsync(visit, "id", "-un"));
        Assert.Equal("nobody\n", (await RunAsync(visit, "id", "-Gn")).Output.Replace("nogroup", "nobody", StringComparison.Ordinal));
        (_, string error, int code) = await RunAsync(visit, "ls", desk.State);
        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
        Assert.Equal("nobody", (string?)desk.History("command.started")[0].Data()["account"]);
        string tell = Tell();
        await using RemoteCommand sleep = await visit.Session.Commands.RunAsync(new CommandRequest { Program = "sleep", Arguments = [tell] }, Helpdesk.Limit());
        await sleep.DisposeAsync();
        Assert.Equal(0, Running(tell));
    }

    /// <summary>A word that no other test's programs have among theirs, nor another run's.</summary>
    private static string Tell() => $"{Random.Next(100_000, 999_999)}";

    private static readonly Random Random = new(Environment.ProcessId);

    /// <summary>Processes with that word among their arguments, but zombies, which have none.</summary>
    private static int Running(string word) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0]) && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', ' ').Contains(word);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static async Task AssertGoneAsync(string word, int left)
    {
        await Eventually.Is(() => Running(word) == left, $"{word} is gone");
    }

    private static async Task<(string Output, string Error, int Code)> RunAsync(Visit visit, string program, params string[] words) => await RunAsync(visit, new CommandRequest { Program = program, Arguments = words });

    private static async Task<(string Output, string Error, int Code)> RunAsync(Visit visit, CommandRequest request)
    {
        await using RemoteCommand command = await visit.Session.Commands.RunAsync(request, Helpdesk.Limit());
        (byte[] output, byte[] error) = await ReadAsync(command);
        CommandEnd end = await command.Completion.WaitAsync(Helpdesk.Limit());
        Assert.Equal(CommandEnding.Exited, end.Ending);
        return (Encoding.UTF8.GetString(output), Encoding.UTF8.GetString(error), end.ExitCode!.Value);
    }

    private static async Task<(byte[] Output, byte[] Error)> ReadAsync(RemoteCommand command)
    {
        using MemoryStream output = new(), error = new();
        await foreach (CommandOutput part in command.ReadOutputAsync(Helpdesk.Limit())) (part.IsError ? error : output).Write(part.Data.Span);
        return (output.ToArray(), error.ToArray());
    }

    private static Task<RefusalReason> RefusalAsync(Visit visit, string program) => RefusalAsync(visit, new CommandRequest { Program = program });

    private static async Task<RefusalReason> RefusalAsync(Visit visit, CommandRequest request) =>
        (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Commands.RunAsync(request, Helpdesk.Limit()))).Reason;

    private static Task<Helpdesk> OpenAsync() => Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.RunCommands });

    private static Task<Visit> ConnectAsync(Helpdesk desk) => desk.ConnectAsync(new ConnectOptions { Operations = Operations.RunCommands });
}
