using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>The demonstration of the consent prompt, as a vendor tries it.</summary>
[Trait("Category", "Slow")]
public sealed class PromptDemoTests
{
    [Theory]
    [InlineData("en", "allow", "Allow, Pressed")]
    [InlineData("de", "allow", "Refuse, Pressed")]
    [InlineData("de", "erlauben", "Allow, Pressed")]
    public async Task Prompt_AtATerminal_TakesTheWholeWordAndGrantsNothing(string language, string word, string expected)
    {
        Programs.Require("script");
        using Process program = SampleProgram.Start("script", ["-qec", $"'{SampleProgram.Agent}' prompt --demo --terminal --unverified --lang {language}", "/dev/null"]);
        Task<string> error = program.StandardError.ReadToEndAsync();
        string asked = "";
        char[] some = new char[1];
        // The countdown's line is the last thing to be written before keys are read.
        while (!asked.Contains(" s > ", StringComparison.Ordinal) && !asked.Contains(" left > ", StringComparison.Ordinal))
        {
            Assert.Equal(1, await program.StandardOutput.ReadAsync(some.AsMemory(), Helpdesk.Limit()));
            asked += some[0];
        }
        await program.StandardInput.WriteAsync(word + "\r");
        await program.StandardInput.FlushAsync();
        Ran ran = (await SampleProgram.FinishAsync(program, program.StandardOutput.ReadToEndAsync(), error)).Succeeded();

        Assert.Contains(language == "de" ? "NICHT GEPRÜFT" : "NOT VERIFIED", asked, StringComparison.Ordinal);
        Assert.Contains($"{expected} (a demonstration: nothing was granted)", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_InputFromAPipe_IsRefused()
    {
        Ran ran = await SampleProgram.RunAsync(SampleProgram.Agent, ["prompt", "--demo", "--terminal"], "allow\n");

        ran.Complained(0, "must be a terminal");
        Assert.StartsWith("Refuse, RendererFailed", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Say --demo", "prompt")]
    [InlineData(1, "is not a language", "prompt", "--demo", "--lang", "klingon-at-home")]
    [InlineData(1, "Scale must be 1 to 3", "prompt", "--demo", "--scale", "9")]
    public async Task Prompt_WithOptionsThatCannotBe_SaysSo(int exitCode, string words, params string[] arguments)
    {
        Ran ran = await SampleProgram.RunAsync(SampleProgram.Agent, arguments);

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains(words, ran.Error, StringComparison.Ordinal);
    }
}
