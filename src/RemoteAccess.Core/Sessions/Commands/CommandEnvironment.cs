namespace RemoteAccess.Sessions;

/// <summary>
/// The environment of a command: what programs need to run, of the agent's own, and nothing else. A host application may have been given keys and passwords by its environment; nobody could list
/// those, so the list is of what stays.
/// </summary>
internal static class CommandEnvironment
{
    private static readonly string[] Unix = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"];

    private static readonly string[] Windows =
    [
        "ALLUSERSPROFILE", "APPDATA", "CommonProgramFiles", "CommonProgramFiles(x86)", "CommonProgramW6432", "COMPUTERNAME", "ComSpec", "DriverData", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA",
        "NUMBER_OF_PROCESSORS", "OS", "Path", "PATHEXT", "ProgramData", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "PSModulePath", "PUBLIC", "SystemDrive", "SystemRoot", "TEMP", "TMP",
        "USERDOMAIN", "USERNAME", "USERPROFILE", "windir",
    ];

    /// <summary>Takes everything else out.</summary>
    public static void Reduce(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys.ToArray())
            if (!IsKept(name)) environment.Remove(name);
    }

    private static bool IsKept(string name) => OperatingSystem.IsWindows()
        ? Windows.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("PROCESSOR_", StringComparison.OrdinalIgnoreCase)
        : Unix.Contains(name, StringComparer.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal);
}
