using System.Runtime.Versioning;

namespace RemoteAccess.Tests;

/// <summary>Commands that are told nothing about the state's place: all mean the same, and make it for the account alone.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class UnnamedStateTests(Office office)
{
    /// <summary>Root's place is the computer's own: there another /var/lib lies over it, for these programs alone.</summary>
    [Fact]
    public async Task Commands_WithoutState_AgreeOnOneThatIsTheAccountsAlone()
    {
        string home = office.NewPath("home");
        string state = Environment.IsPrivilegedProcess ? "/var/lib/remoteaccess" : Path.Combine(home, "remoteaccess", "state");
        string[] grant = [.. office.GrantArguments(state, office.NewPath("default.grant"))];
        int at = Array.IndexOf(grant, "--state");
        const string Script = """
            agent=$1; state=$2; shift 2
            "$agent" status 2>&1 && exit 90
            test -e "$state" && exit 91
            "$agent" "$@" || exit 92
            test "$(stat -c %a "$state")" = 700 || exit 93
            for command in status history block unblock stop verify-ledger; do "$agent" $command || exit 94; done
            "$agent" revoke --yes && "$agent" status --state "$state"
            """;
        string[] shell = ["sh", "-c", Script, "sh", SampleProgram.Agent, state, .. grant[..at], .. grant[(at + 2)..]];
        if (Environment.IsPrivilegedProcess)
        {
            Programs.Require("unshare");
            shell = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o mode=755 none /var/lib || exit 77; exec \"$@\"", "sh", .. shell];
        }

        Ran ran = await SampleProgram.RunAsync(shell[0], shell[1..], stateHome: home);

        Assert.SkipWhen(ran.ExitCode == 77 || ran.Error.Contains("unshare failed", StringComparison.Ordinal), "No name space of its own to be had here.");
        Assert.Contains($"{state} does not exist", ran.Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("  state     Revoked", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfACommand_SaysWhereTheStateIs()
    {
        string home = office.NewPath("home");

        string help = (await SampleProgram.RunAsync(SampleProgram.Agent, ["status", "--help"], stateHome: home)).Succeeded().Output;

        Assert.Contains(Environment.IsPrivilegedProcess ? "/var/lib/remoteaccess" : Path.Combine(home, "remoteaccess", "state"), help.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
