using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician records from the command line; the customer sees that in a terminal, and ends it there.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class RecordCommandTests(Office office)
{
    [Fact]
    public async Task Record_AndPlay_StatusSaysItHistoryHasTheHashAndWithdrawEndsIt()
    {
        OtherGrant grant = await OtherGrant.MakeAsync(office, "view,record");
        await using AgentRun agent = await office.StartAgentAsync(display: null, grant.State, "--surface", "external");
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(agent.State, TestContext.Current.CancellationToken);
        using var over = new CancellationTokenSource();
        Task showing = ShowAsync(surface, over.Token);
        string whole = office.NewPath("whole.recording"), cut = office.NewPath("cut.recording"), picture = office.NewPath("at.png"), folder = office.NewPath("frames");

        Ran recorded = (await grant.ViewAsync(agent, "record", "--out", whole, "--for", "6s")).Succeeded();
        string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken)));
        Assert.StartsWith("RECORDING session ", recorded.Output, StringComparison.Ordinal);
        Assert.Contains($"SHA-256 {hash}, in the computer's ledger", recorded.Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(whole));
        Assert.Contains($"SHA-256 {hash}", (await Office.AskAsync("history", agent.State)).Succeeded().Output, StringComparison.Ordinal);
        string info = (await PlayAsync(whole)).Succeeded().Output;
        Assert.Contains("640×480", info.Replace('x', '×'), StringComparison.Ordinal);
        Assert.Contains("stopped by the technician", info, StringComparison.Ordinal);
        Assert.Contains(hash, info, StringComparison.Ordinal);
        (await PlayAsync(whole, "--png-at", "5", "--out", picture)).Succeeded();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken))[..4]);
        (await PlayAsync(whole, "--frames", folder)).Succeeded();
        Assert.NotEmpty(Directory.GetFiles(folder, "*.png"));
        (await grant.ViewAsync(agent, "record", "--out", whole)).Complained(1, "exists already");

        using Process recording = grant.Start(agent, "record", "--out", cut);
        Assert.StartsWith("RECORDING", await recording.StandardOutput.ReadLineAsync(Helpdesk.Limit()), StringComparison.Ordinal);
        Assert.Contains("  RECORDED  ", (await Office.AskAsync("status", agent.State)).Succeeded().Output, StringComparison.Ordinal);
        using (JsonDocument json = JsonDocument.Parse((await Office.AskAsync("status", agent.State, "--json")).Succeeded().Output))
            Assert.True(Assert.Single(json.RootElement.GetProperty("sessions").EnumerateArray()).GetProperty("isRecording").GetBoolean());
        (await Office.AskAsync("withdraw", agent.State, "record")).Succeeded();
        Ran ended = await SampleProgram.FinishAsync(recording, recording.StandardOutput.ReadToEndAsync(), recording.StandardError.ReadToEndAsync());
        ended.Complained(3, "withdrawn");
        Assert.Contains("in the computer's ledger", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Withdrawn", (await PlayAsync(cut)).Succeeded().Output, StringComparison.Ordinal);

        byte[] bytes = await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(cut, bytes[..^20], TestContext.Current.CancellationToken);
        Assert.Contains("the file was cut", (await PlayAsync(cut)).Succeeded().Output, StringComparison.Ordinal);
        bytes[^40] ^= 1;
        await File.WriteAllBytesAsync(cut, bytes, TestContext.Current.CancellationToken);
        (await PlayAsync(cut)).Complained(1, "damaged");
        await File.WriteAllTextAsync(cut, "no recording", TestContext.Current.CancellationToken);
        (await PlayAsync(cut)).Complained(1, "not a recording");
        (await PlayAsync(office.NewPath("nothing"))).Complained(1, "nothing");
        await over.CancelAsync();
        await showing;
    }

    [Fact]
    public async Task Record_NotGranted_IsRefusedAndLeavesNoFile()
    {
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        string file = office.NewPath("none.recording");
        (await office.ViewAsync(agent, "record", "--out", file)).Complained(3, "More was asked for than the grant");
        Assert.False(File.Exists(file));
        (await office.ViewAsync(agent, "record", "--out", file, "--for", "ages")).Complained(1, "not a length");
    }

    private static Task<Ran> PlayAsync(string file, params string[] more) => SampleProgram.RunAsync(SampleProgram.Viewer, ["play", file, .. more]);

    private static async Task ShowAsync(SurfaceConnection surface, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            surface.ReportShown(surface.Status);
            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
