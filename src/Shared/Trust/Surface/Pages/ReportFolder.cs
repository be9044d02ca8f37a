using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>Where reports are saved, for the person alone to read, and never over anything that is there. Thread-safe.</summary>
/// <param name="chosen">The folder; null is the person's for documents.</param>
internal sealed class ReportFolder(string? chosen)
{
    private const int MostOfOneName = 1000;

    /// <inheritdoc cref="DocumentOpener.CanOpen"/>
    public bool CanOpen { get; } = DocumentOpener.CanOpen;

    /// <returns>The full path of the new file.</returns>
    /// <exception cref="IOException">It cannot be written; no file of that name is left.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public string Save(string period, string page)
    {
        string folder = Path.GetFullPath(chosen ?? Documents());
        Directory.CreateDirectory(folder);
        for (int number = 1; number <= MostOfOneName; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"remote-access-{period}{(number > 1 ? $"-{number}" : "")}.html");
            string file = Path.Combine(folder, name);
            if (Path.Exists(file)) continue;
            if (TryCreate(file) is not { } stream) continue;
            try
            {
                using (stream) stream.Write(Encoding.UTF8.GetBytes(page));
            }
            catch
            {
                File.Delete(file);
                throw;
            }
            return file;
        }
        throw new IOException($"{folder}: {MostOfOneName} × remote-access-{period}.html");
    }

    /// <returns>Null when somebody else has just made it.</returns>
    private static FileStream? TryCreate(string file)
    {
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(file, options);
        }
        catch (IOException) when (Path.Exists(file))
        {
            return null;
        }
    }

    private static string Documents()
    {
        string documents = Environment.GetFolderPath(Environment.SpecialFolder.MyDocuments, Environment.SpecialFolderOption.DoNotVerify);
        return documents.Length > 0 ? documents : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
    }
}
