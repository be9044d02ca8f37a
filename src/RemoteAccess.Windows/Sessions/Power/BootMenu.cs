using System.Diagnostics;

namespace RemoteAccess.Sessions;

/// <summary>The seam to the boot menu: whether this Windows starts in safe mode with networking. Throws <see cref="DesktopException"/> when it cannot be set.</summary>
internal delegate void SetSafeBoot(bool isOn);

/// <summary>The boot menu by Windows' own bcdedit, the only supported way besides WMI: from the system's folder, with a list of arguments and no shell.</summary>
internal static class BootMenu
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static string Program => Path.Combine(Environment.SystemDirectory, "bcdedit.exe");

    public static IReadOnlyList<string> Arguments(bool isOn) => isOn ? ["/set", "{current}", "safeboot", "network"] : ["/deletevalue", "{current}", "safeboot"];

    public static void Set(bool isOn)
    {
        var start = new ProcessStartInfo(Program, Arguments(isOn)) { UseShellExecute = false, CreateNoWindow = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Environment.SystemDirectory };
        try
        {
            using Process process = Process.Start(start) ?? throw new InvalidOperationException("It was not started.");
            // What it says is read, so that it does not wait for a reader, and not kept: it is in the system's language.
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill();
                throw new InvalidOperationException($"It did not end within {Limit.TotalSeconds:0} s.");
            }
            Task.WaitAll(output, error);
            if (process.ExitCode != 0) throw new InvalidOperationException($"It ended with {process.ExitCode}.");
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new DesktopException(DesktopError.MissingExtension, $"The boot menu cannot be changed by {Program}: {error.Message} That takes an administrator's rights.", error);
        }
    }
}
