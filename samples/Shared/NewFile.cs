namespace HelpdeskSamples;

/// <summary>Writes a file that must not exist yet: under another name first, so that nobody ever finds half of it under its own.</summary>
internal static class NewFile
{
    /// <summary>Writes to the file, or to standard output when none is named.</summary>
    /// <exception cref="ArgumentException">It exists.</exception>
    public static void Write(FileInfo? file, Action<Stream> write)
    {
        if (file is null)
        {
            using Stream console = Console.OpenStandardOutput();
            write(console);
            return;
        }

        // Nothing in it waits.
        WriteAsync(file, stream =>
        {
            write(stream);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    /// <summary>Writes to the file.</summary>
    /// <exception cref="ArgumentException">It exists.</exception>
    public static async Task WriteAsync(FileInfo file, Func<Stream, Task> write)
    {
        if (Path.Exists(file.FullName)) throw new ArgumentException($"{file.FullName} exists already. Name a new file.");
        string part = file.FullName + ".part";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(part, options);
        try
        {
            using (stream)
            {
                await write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, file.FullName);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
