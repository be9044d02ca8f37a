using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RemoteAccess.Fuzz;

internal enum FuzzCommand
{
    Fuzz,
    List,
    Replay,
    SelfTest,
    Help,
}

/// <summary>The command line, read once.</summary>
internal sealed class FuzzOptions
{
    public const string Help = """
        RemoteAccess.Fuzz [options]
          --executions N   executions of each target (default 1000000 when no time is given)
          --minutes N      share this time among the targets; may be a fraction
          --target NAME    only this target; may be given again
          --seed N         repeats a run; without it one is drawn and printed
          --jobs N         targets side by side (default 1)
          --findings DIR   where inputs of findings are written (default artifacts/fuzz)
          --replay FILE    executes one input (needs --target); FILE may be a .current file of a run that died
          --self-test      lets the engine find known bugs in broken parsers
          --list           names the targets
        Exit code: 0 nothing found, 1 a finding, 2 the command line is wrong.
        """;

    public FuzzCommand Command { get; private set; } = FuzzCommand.Fuzz;

    public long Executions { get; private set; } = long.MaxValue;

    public TimeSpan? Time { get; private set; }

    public int Seed { get; private set; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    public int Jobs { get; private set; } = 1;

    public string FindingsFolder { get; private set; } = Path.Combine("artifacts", "fuzz");

    public string? ReplayFile { get; private set; }

    public IList<string> Targets { get; } = [];

    /// <exception cref="FormatException">An option is unknown, lacks its value, or the value is out of range.</exception>
    public static FuzzOptions Read(IEnumerable<string> arguments)
    {
        var options = new FuzzOptions();
        using var argument = arguments.GetEnumerator();
        while (argument.MoveNext())
        {
            options.Take(argument.Current, () => argument.MoveNext() ? argument.Current : throw new FormatException("The last option lacks its value."));
        }

        if (options is { Executions: long.MaxValue, Time: null })
        {
            options.Executions = 1_000_000;
        }

        return options is { Command: FuzzCommand.Replay, Targets.Count: not 1 }
            ? throw new FormatException("--replay needs exactly one --target.")
            : options;
    }

    /// <summary>Each target has a sequence of its own, the same one whichever other targets run.</summary>
    public int SeedOf(FuzzTarget target) => Seed ^ BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(target.Name)));

    private void Take(string option, Func<string> value)
    {
        switch (option)
        {
            case "--executions": Executions = Positive(value()); break;
            case "--minutes": Time = Minutes(value()); break;
            case "--target": Targets.Add(value()); break;
            case "--seed": Seed = int.Parse(value(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture); break;
            case "--jobs": Jobs = (int)Math.Min(Positive(value()), 64); break;
            case "--findings": FindingsFolder = value(); break;
            case "--replay": (Command, ReplayFile) = (FuzzCommand.Replay, value()); break;
            case "--self-test": Command = FuzzCommand.SelfTest; break;
            case "--list": Command = FuzzCommand.List; break;
            case "--help": Command = FuzzCommand.Help; break;
            default: throw new FormatException($"Unknown option: {option}");
        }
    }

    private static long Positive(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"Not a positive number: {text}");

    private static TimeSpan Minutes(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 100_000
            ? TimeSpan.FromMinutes(minutes)
            : throw new FormatException($"Not a number of minutes: {text}");
}
