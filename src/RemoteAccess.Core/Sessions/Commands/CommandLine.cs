using System.Text;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>A program to run and what it is given, within its limits: the ledger has room for all of it. Immutable.</summary>
internal sealed record CommandLine(string Program, IReadOnlyList<string> Words, string WorkingDirectory, TimeSpan TimeLimit, ReadOnlyMemory<byte> Input)
{
    public const int MaxBytes = 4096, MaxWords = 128, MaxDirectoryBytes = 1024, MaxInputBytes = 8192;

    /// <summary>What is wrong with it in words; null when nothing is.</summary>
    public static string? Problem(string program, IReadOnlyList<string> words, string directory, int inputBytes)
    {
        if (program.Length == 0) return "A program must be named.";
        if (words.Count > MaxWords) return $"A program can be given {MaxWords} arguments at most.";
        // Added up as far as it is within the limit.
        long bytes = 0;
        foreach (string word in words.Prepend(program))
        {
            if ((bytes += Encoding.UTF8.GetByteCount(word)) > MaxBytes) return $"Program and arguments are longer than {MaxBytes} bytes of UTF-8.";
            if (!IsText(word)) return "Program and arguments must be text without control characters, but for tab and line breaks.";
        }
        if (Encoding.UTF8.GetByteCount(directory) > MaxDirectoryBytes || !IsText(directory)) return $"A directory's name is at most {MaxDirectoryBytes} bytes of UTF-8 without control characters.";
        return inputBytes > MaxInputBytes ? $"Standard input is at most {MaxInputBytes} bytes." : null;
    }

    /// <summary>Reads what a technician sent.</summary>
    /// <param name="sent">Of any content.</param>
    /// <param name="longest">How long a program may run, and does when nothing shorter was asked for.</param>
    /// <returns>Null when it cannot be.</returns>
    public static CommandLine? TryRead(RunCommand sent, TimeSpan longest)
    {
        if (sent.TimeLimitSeconds > longest.TotalSeconds || Problem(sent.Program, sent.Arguments, sent.WorkingDirectory, sent.Input.Length) is not null) return null;
        if (sent.WorkingDirectory.Length > 0 && !Path.IsPathFullyQualified(sent.WorkingDirectory)) return null;
        TimeSpan limit = sent.TimeLimitSeconds == 0 ? longest : TimeSpan.FromSeconds(sent.TimeLimitSeconds);
        return new CommandLine(sent.Program, [.. sent.Arguments], sent.WorkingDirectory, limit, sent.Input.Memory);
    }

    /// <summary>A control character would take up to six times its length in the ledger, and has no place in a word.</summary>
    private static bool IsText(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune) || Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r')) return false;
            i += rune.Utf16SequenceLength;
        }
        return true;
    }
}

/// <summary>What became of a command, for the ledger.</summary>
/// <param name="Ending">In one word: how, or the rule that ended it.</param>
/// <param name="ExitCode">When it ended by itself.</param>
/// <param name="Length">How long it ran.</param>
/// <param name="OutputBytes">Of standard output that were read.</param>
/// <param name="ErrorBytes">Of standard error that were read.</param>
internal sealed record CommandResult(string Ending, int? ExitCode, TimeSpan Length, long OutputBytes, long ErrorBytes);
