namespace RemoteAccess.Sessions;

/// <summary>
/// Where a program is: at the full path given, or the first of its name in PATH. Never in the current directory or beside the agent, where the framework looks first. On Windows an .exe or .com
/// only: the system gives a batch file to cmd.exe, which reads arguments its own way, as a shell does.
/// </summary>
internal static class CommandProgram
{
    private static readonly string[] WindowsKinds = [".exe", ".com"];

    /// <returns>A full path; null when there is none.</returns>
    public static string? Find(string program, string? path)
    {
        if (Path.IsPathFullyQualified(program)) return IsProgram(program) ? program : null;
        if (program.Contains('/', StringComparison.Ordinal) || program.Contains('\\', StringComparison.Ordinal) || program is "." or "..") return null;
        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Spellings(program).Select(name => Path.Join(folder, name)))
            .FirstOrDefault(IsProgram);
    }

    private static IEnumerable<string> Spellings(string name) => !OperatingSystem.IsWindows() || WindowsKinds.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
        ? [name] : WindowsKinds.Select(kind => name + kind);

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows()
        ? WindowsKinds.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
        : (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
