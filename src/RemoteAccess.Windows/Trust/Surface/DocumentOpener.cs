using System.ComponentModel;
using System.Diagnostics;

namespace RemoteAccess.Trust;

/// <summary>Opens a saved report in whatever the person opens such files with. Thread-safe.</summary>
internal static class DocumentOpener
{
    private static readonly string Explorer = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.Windows), "explorer.exe");

    public static bool CanOpen => File.Exists(Explorer);

    /// <summary>Hands the file to the desktop's own program, as an argument and through no shell.</summary>
    /// <returns>Why not; null when it was handed over.</returns>
    public static string? Open(string file)
    {
        try
        {
            ProcessStartInfo start = new(Explorer) { UseShellExecute = false };
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
