using System.Diagnostics;
using System.Globalization;
using System.Text;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician's programs on Windows: started with exactly what was asked for, and gone with all that they started.</summary>
[Collection(OneDesktop.Name)]
public sealed class CommandsTests
{
    private const Operations Wanted = Operations.ViewScreen | Operations.RunCommands;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly string[] Words =
    [
        "a b", "", "\"", "\\", "a\\", "a\\\"b", "\\\\\"", "a b\\\\", "%PATH%", "^&|<>", "$(x)", "*.exe", "'single'", "Grüße 漢字 🙂", "tab\there", "two\nlines", "\"quoted whole\"", " lead", "trail ", "--", "/?", "ends in \\\\\\\"",
    ];

    [Fact]
    public async Task Run_AnyArguments_ArriveAsTheyAreAndWhatIsSaidComesBack()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Wanted);
        Environment.SetEnvironmentVariable("CONTOSO_API_KEY", "geheim");
        await using RemoteCommand command = await visit.Session.Commands.RunAsync(new CommandRequest { Program = ToolProgram.Path, Arguments = [ToolProgram.Tell, .. Words], WorkingDirectory = @"C:\windows", Input = "one\ntwo"u8.ToArray() }, Cancel);

        (string output, string error) = await ReadAsync(command);

        Assert.Equal(new CommandEnd(CommandEnding.Exited, 7), await command.Completion.WaitAsync(Eventually.Limit));
        Assert.Equal(Words, ToolProgram.Said(output, "argument"));
        Assert.Equal(@"C:\windows", Assert.Single(ToolProgram.Said(output, "directory")), ignoreCase: true);
        Assert.Equal("one\ntwo", Assert.Single(ToolProgram.Said(output, "input")));
        Assert.Equal("to the error", error);
        string[] variables = [.. ToolProgram.Said(output, "variable")];
        Assert.Contains("SystemRoot", variables, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain(variables, static name => name is "CONTOSO_API_KEY" || name.StartsWith("DOTNET", StringComparison.Ordinal));
        Assert.Equal([ToolProgram.Path, ToolProgram.Tell, .. Words], Assert.Single(visit.History("command.started")).Data()["command"]!.AsArray().Select(static word => $"{word}"));
    }

    /// <summary>A child, and one that has lost its parent.</summary>
    [Theory]
    [InlineData("cancelled")]
    [InlineData("withdrawn")]
    [InlineData("hung up")]
    public async Task Permission_Over_EverythingThatItStartedIsGoneWithinASecond(string how)
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Wanted);
        RemoteCommand command = await visit.Session.Commands.RunAsync(new CommandRequest { Program = ToolProgram.Path, Arguments = [ToolProgram.Family] }, Cancel);
        int[] family = await FamilyAsync(command);
        Assert.All(family, static id => Assert.True(ToolProgram.Runs(id)));

        TimeSpan began = OwnTime.Now;
        await (how switch
        {
            "cancelled" => command.CancelAsync(),
            "withdrawn" => visit.Live.WithdrawAsync(Operations.RunCommands, "Erika", Cancel).AsTask(),
            _ => visit.Session.DisposeAsync().AsTask(),
        });
        await Eventually.Is(() => !family.Any(ToolProgram.Runs), "nothing of it runs");

        Assert.InRange(OwnTime.Now - began, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await Eventually.Is(() => visit.History("command.ended").Count == 1, "its end is recorded");
        Assert.Equal(how switch { "cancelled" => "Cancelled", "withdrawn" => "Withdrawn", _ => "SessionEnded" }, (string?)visit.History("command.ended")[0].Data()["ending"]);
    }

    [Fact]
    public async Task Program_ThatLeavesAFamilyBehind_TakesItAlong()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Wanted);
        await using RemoteCommand command = await visit.Session.Commands.RunAsync(new CommandRequest { Program = ToolProgram.Path, Arguments = [ToolProgram.Leave] }, Cancel);

        int[] family = [.. (await ReadAsync(command)).Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(static line => line != "ready").Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];

        Assert.Equal(new CommandEnd(CommandEnding.Exited, 3), await command.Completion.WaitAsync(Eventually.Limit));
        Assert.Equal(3, family.Length);
        await Eventually.Is(() => !family.Any(ToolProgram.Runs), "nothing of it runs");
    }

    /// <summary>An agent that is killed tells nobody anything; Windows closes the job.</summary>
    [Fact]
    public async Task Agent_Killed_ItsCommandsEnd()
    {
        HashSet<int> before = Pings();
        using Process agent = Process.Start(new ProcessStartInfo(ToolProgram.Path, [ToolProgram.Agent]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        Assert.Equal("ready", await agent.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Eventually.Limit));
        int ping = Assert.Single(Pings().Except(before));

        agent.Kill();

        await Eventually.Is(() => !ToolProgram.Runs(ping), "the command is gone");
    }

    [Fact]
    public async Task Run_WhatIsNoProgramHere_IsRefusedAndNotStarted()
    {
        await using WindowsVisit visit = await WindowsVisit.ConnectAsync(Wanted);
        string batch = Path.Combine(visit.State, "..", "tool.cmd");
        await File.WriteAllTextAsync(batch, "@echo off\r\n", Cancel);
        foreach (string program in (string[])["tool.cmd", Path.GetFullPath(batch), "no-such-program", @".\ping.exe", @"..\ping.exe", @"C:ping.exe", @"C:\windows\system32\drivers\etc\hosts", @"C:\windows\system32"])
            Assert.Equal(RefusalReason.NotAvailable, (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Commands.RunAsync(new CommandRequest { Program = program }, Cancel))).Reason);
        Assert.Empty(visit.History("command.started"));

        // By its name alone, from the PATH, with and without the ending.
        foreach (string program in (string[])["ping", "PING.EXE"])
        {
            await using RemoteCommand ping = await visit.Session.Commands.RunAsync(new CommandRequest { Program = program, Arguments = ["-n", "1", "127.0.0.1"] }, Cancel);
            Assert.NotEmpty((await ReadAsync(ping)).Output);
            Assert.Equal(CommandEnding.Exited, (await ping.Completion.WaitAsync(Eventually.Limit)).Ending);
        }
    }

    [Fact]
    public async Task FiftyCommands_OneAfterAnother_LeaveNoHandle()
    {
        JobPrograms programs = new();
        ProcessStartInfo start = new(Path.Combine(Environment.SystemDirectory, "hostname.exe")) { WorkingDirectory = Environment.SystemDirectory };
        async Task RunAsync()
        {
            using IStartedProgram one = programs.Start(start);
            one.Input.Dispose();
            using StreamReader output = new(one.Output, leaveOpen: true);
            Assert.NotEmpty((await output.ReadToEndAsync(Cancel)).Trim());
            Assert.Equal(0, await one.Exited.WaitAsync(Eventually.Limit));
        }

        for (int i = 0; i < 5; i++) await RunAsync();
        Held before = Held.Now();
        for (int i = 0; i < 50; i++) await RunAsync();
        Held after = Held.Now();
        // Threads of the pool that have nothing more to do give theirs back within their half minute.
        for (int look = 0; look < 40 && after.Handles > before.Handles; look++)
        {
            await Task.Delay(1000, Cancel);
            after = Held.Now();
        }

        Assert.True(after.Handles <= before.Handles, $"before {before}, after {after}");
    }

    [Fact]
    public void Start_WhatIsNoProgram_ThrowsAndLeavesNothing() => Assert.Throws<System.ComponentModel.Win32Exception>(() => new JobPrograms().Start(new ProcessStartInfo(@"C:\windows\win.ini") { WorkingDirectory = @"C:\" }));

    private static HashSet<int> Pings()
    {
        Process[] all = Process.GetProcessesByName("ping");
        HashSet<int> ids = [.. all.Select(static one => one.Id)];
        foreach (Process one in all) one.Dispose();
        return ids;
    }

    /// <summary>Once it has said that all of them are there.</summary>
    private static async Task<int[]> FamilyAsync(RemoteCommand command)
    {
        StringBuilder said = new();
        await foreach (CommandOutput part in command.ReadOutputAsync(Cancel))
        {
            said.Append(Encoding.UTF8.GetString(part.Data.Span));
            if (said.ToString().Contains("ready", StringComparison.Ordinal)) break;
        }
        int[] family = [.. said.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(static line => line != "ready").Select(static line => int.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(3, family.Length);
        return family;
    }

    private static async Task<(string Output, string Error)> ReadAsync(RemoteCommand command)
    {
        using MemoryStream output = new(), error = new();
        await foreach (CommandOutput part in command.ReadOutputAsync(Cancel)) (part.IsError ? error : output).Write(part.Data.Span);
        return (Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
