using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace RemoteAccess.Tests;

/// <summary>The tools of a session with the published agent for Windows: the technician's commands on Linux, the computer and its own surface in Wine.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class WindowsToolsTests(Office office)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tools_OfAWindowsAgent_DoWhatTheyDoOnLinux()
    {
        string folder = await WindowsBox.PublishedAsync(office.NewPath("windows")), desk = Directory.CreateDirectory(office.NewPath("technician")).FullName;
        string file = Path.Combine(desk, "tools.grant"), code = Path.Combine(desk, "code"), sent = Path.Combine(desk, "Bericht für Ada.bin");
        Ran made = (await SampleProgram.RunAsync(SampleProgram.Agent, office.GrantArguments(Path.Combine(folder, "state"), file, "--operations", "view,files,commands,info,record"))).Succeeded();
        await File.WriteAllTextAsync(code, made.Lines[^1], Cancel);
        (await SampleProgram.RunAsync(SampleProgram.Viewer, ["name", file, "--nickname", "Contoso:Front desk:Ada"])).Succeeded();
        byte[] content = RandomNumberGenerator.GetBytes(200_000);
        await File.WriteAllBytesAsync(sent, content, Cancel);
        Directory.CreateDirectory(Path.Combine(folder, "inbox"));
        await using WindowsBox box = await WindowsBox.StartAsync(folder);
        (_, IPEndPoint endPoint) = await box.ServeAsync("--allow-commands", "--share", "Inbox=inbox");
        Task<Ran> ViewAsync(string[] command, params string[] words) => WindowsBox.OnceShownAsync(() =>
        {
            // What an attempt before has left.
            if (command is ["record", "--out", var written, ..]) File.Delete(written);
            return SampleProgram.RunAsync(SampleProgram.Viewer, [.. command, "--grant", file, "--sign-with", office.Tenant, "--code-from", code, "--connect", endPoint.ToString(), .. words]);
        });

        Ran info = await ViewAsync(["system-info"]);
        Assert.Contains(info.Succeeded().Lines, static line => line.StartsWith("system ", StringComparison.Ordinal) && line.Contains("Windows", StringComparison.Ordinal));
        Assert.Contains(info.Lines, static line => line.StartsWith(@"disk         C:\ (", StringComparison.Ordinal));

        Ran ran = (await ViewAsync(["run", "--directory", @"C:\windows"], "--", "ping", "-n", "1", "127.0.0.1")).Succeeded();
        Assert.NotEmpty(ran.Output);
        (await ViewAsync(["run", "--timeout", "2"], "--", "ping.exe", "-n", "600", "127.0.0.1")).Complained(124, "Its time was over");
        (await ViewAsync(["run"], "--", "box.bat")).Complained(3);

        (await ViewAsync(["files", "put", sent, "Inbox"])).Succeeded();
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(folder, "inbox", "Bericht für Ada.bin"), Cancel));
        string fetched = Path.Combine(desk, "fetched.bin");
        (await ViewAsync(["files", "get", "Inbox/Bericht für Ada.bin", "--out", fetched])).Succeeded();
        Assert.Equal(content, await File.ReadAllBytesAsync(fetched, Cancel));
        (await ViewAsync(["files", "put", sent, "Inbox", "--name", "BERICHT FÜR ADA.BIN"])).Complained(3);
        Assert.Single(Directory.GetFileSystemEntries(Path.Combine(folder, "inbox")));

        // A busy machine's Wine may take longer than that to show the mark and then the first picture.
        (string recording, string played) = ("", "");
        for (int seconds = 6; seconds <= 96 && !played.Contains("1280x800", StringComparison.Ordinal); seconds *= 2)
        {
            recording = Path.Combine(desk, $"session-{seconds}.recording");
            Assert.Contains("in the computer's ledger", (await ViewAsync(["record", "--out", recording, "--for", $"{seconds}s"])).Succeeded().Output, StringComparison.Ordinal);
            played = (await SampleProgram.RunAsync(SampleProgram.Viewer, ["play", recording])).Succeeded().Output.Replace('×', 'x');
        }
        Assert.Contains("1280x800", played, StringComparison.Ordinal);
        Assert.Contains("online", (await SampleProgram.RunAsync(SampleProgram.Viewer, ["computers", "--folder", desk, "--ask"])).Succeeded().Output, StringComparison.Ordinal);

        Ran history = (await box.AskAsync(["history", "--state", "state"]))[0].Succeeded();
        Assert.Contains("ran on this computer: ", history.Output, StringComparison.Ordinal);
        // Its output is in the letters that Wine has for a console.
        Assert.Matches("Bericht f.+r Ada\\.bin", history.Output);
        Assert.Contains($"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(recording, Cancel)))}", history.Output, StringComparison.Ordinal);
    }
}
