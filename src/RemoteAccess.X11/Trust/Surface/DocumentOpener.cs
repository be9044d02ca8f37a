using System.ComponentModel;
using System.Diagnostics;

namespace RemoteAccess.Trust;

/// <summary>Opens a saved report in whatever the desktop opens such files with. Thread-safe.</summary>
internal static class DocumentOpener
{
    private const string Opener = "xdg-open";

    /// <summary>Whether there is a program that opens files as the desktop does.</summary>
    public static bool CanOpen => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => Path.IsPathRooted(folder) && File.Exists(Path.Combine(folder, Opener)));

    /// <summary>Hands the file to the desktop's own program, as an argument and through no shell.</summary>
    /// <returns>Why not; null when it was handed over.</returns>
    public static string? Open(string file)
    {
        try
        {
            ProcessStartInfo start = new(Opener) { UseShellExecute = false };
            start.ArgumentList.Add(file);
            using Process? process = Process.Start(start);
            return null;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return error.Message;
        }
    }
}
