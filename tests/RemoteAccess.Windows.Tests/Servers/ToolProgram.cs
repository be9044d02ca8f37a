using System.Diagnostics;
using System.Globalization;
using System.Text;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>The test program as what a technician runs: it says what it was given, or starts others. Each is started by an argument of its own; everything else is a test run.</summary>
internal static class ToolProgram
{
    /// <summary>Says its arguments, its directory, its input and its environment, a line each in hex of UTF-8, and ends with 7.</summary>
    public const string Tell = "--tell-what-it-was-given";

    /// <summary>Starts a child, one that starts another and ends, and says the number of each; then it waits for ever.</summary>
    public const string Family = "--have-a-family";

    /// <summary>The same, and ends with 3 at once.</summary>
    public const string Leave = "--leave-a-family";

    /// <summary>Starts a program as the agent does, says its number, and waits to be killed.</summary>
    public const string Agent = "--be-an-agent-with-a-command";

    private const string Orphan = "--leave-an-orphan";

    public static string Path => Environment.ProcessPath!;

    /// <summary>Null: a test run.</summary>
    public static async Task<int?> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case [Tell, .. var words]:
                TextReader input = Console.In;
                foreach (string word in words) Say("argument", word);
                Say("directory", Environment.CurrentDirectory);
                Say("input", await input.ReadToEndAsync());
                foreach (System.Collections.DictionaryEntry one in Environment.GetEnvironmentVariables()) Say("variable", $"{one.Key}");
                await Console.Error.WriteAsync("to the error");
                return 7;
            case [Family]:
                await StartFamilyAsync();
                await Task.Delay(Timeout.Infinite);
                return 0;
            case [Leave]:
                await StartFamilyAsync();
                return 3;
            case [Orphan]:
                Console.WriteLine(StartPing());
                return 0;
            case [Agent]:
                ProcessStartInfo start = new(System.IO.Path.Combine(Environment.SystemDirectory, "ping.exe"), ["-n", "600", "127.0.0.1"]) { WorkingDirectory = Environment.SystemDirectory };
                using (IStartedProgram program = new JobPrograms().Start(start))
                {
                    Console.WriteLine("ready");
                    await Task.Delay(Timeout.Infinite);
                }
                return 0;
            default:
                return null;
        }
    }

    public static IEnumerable<string> Said(string output, string what) => output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line.StartsWith(what + "=", StringComparison.Ordinal)).Select(line => Encoding.UTF8.GetString(Convert.FromHexString(line[(what.Length + 1)..])));

    public static bool Runs(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task StartFamilyAsync()
    {
        Console.WriteLine(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine(StartPing());
        using Process between = Process.Start(new ProcessStartInfo(Path, [Orphan]) { UseShellExecute = false })!;
        await between.WaitForExitAsync();
        Console.WriteLine("ready");
    }

    private static string StartPing()
    {
        using Process ping = Process.Start(new ProcessStartInfo("ping.exe", ["-n", "600", "127.0.0.1"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return ping.Id.ToString(CultureInfo.InvariantCulture);
    }

    private static void Say(string what, string text) => Console.WriteLine($"{what}={Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}");
}
