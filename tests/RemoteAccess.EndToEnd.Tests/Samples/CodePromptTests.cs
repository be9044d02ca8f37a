using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>The access code from a person's keyboard.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class CodePromptTests(Office office)
{
    [Fact]
    public async Task Code_TypedAtATerminal_IsAskedForAndNotShown()
    {
        Programs.Require("script");
        await using AgentRun agent = await office.StartAgentAsync(display: null);
        string[] connecting = [.. office.Connecting(agent.EndPoint).Select(argument => argument == office.CodeFile ? "-" : argument)];
        string command = $"'{SampleProgram.Viewer}' info '{string.Join("' '", connecting)}'";
        using Process viewer = SampleProgram.Start("script", ["-qec", command, "/dev/null"]);
        Task<string> error = viewer.StandardError.ReadToEndAsync();
        string asked = await ReadUntilAsync(viewer.StandardOutput, "Access code (not shown): ");

        // One key too many, and taken back.
        await viewer.StandardInput.WriteAsync(office.Code + "7\u007f\r");
        await viewer.StandardInput.FlushAsync();
        Ran ran = (await SampleProgram.FinishAsync(viewer, viewer.StandardOutput.ReadToEndAsync(), error)).Succeeded();

        Assert.DoesNotContain(office.Code[..5], asked + ran.Output, StringComparison.Ordinal);
        Assert.Contains("permitted        ViewScreen", ran.Output, StringComparison.Ordinal);
    }

    private static async Task<string> ReadUntilAsync(StreamReader from, string end)
    {
        string read = "";
        char[] one = new char[1];
        while (!read.EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await from.ReadAsync(one.AsMemory(), Helpdesk.Limit()) == 1, $"It ended and did not say \"{end}\": {read}");
            read += one[0];
        }

        return read;
    }
}
