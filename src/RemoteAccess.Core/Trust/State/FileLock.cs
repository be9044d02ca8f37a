using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// A file that only one holder on this computer can have, whatever process or thread (flock on Unix, share mode on Windows). The
/// operating system lets it go when its holder dies. Not re-entrant.
/// </summary>
internal static class FileLock
{
    /// <summary>On Windows its directory can then be removed with it, as on Unix; on Unix only <see cref="FileShare.None"/> locks.</summary>
    private static readonly FileShare Exclusive = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    private const int TriesBetweenSleeps = 20;

    /// <summary>Takes an existing file for its holder alone, until disposed; null while somebody else has it.</summary>
    /// <exception cref="StateException">Missing, a link, or open to other accounts.</exception>
    public static SafeFileHandle? TryTake(string path) => FileFault.Run(path, () =>
    {
        try
        {
            return PrivateFile.Open(path, FileAccess.ReadWrite, Exclusive);
        }
        catch (IOException failure) when (FileFault.IsHeldElsewhere(failure))
        {
            return null;
        }
    });

    /// <summary>Makes the file when it is not there, and waits until it is taken.</summary>
    /// <exception cref="StateException">Somebody else has had it for <paramref name="patience"/>; or as with <see cref="TryTake"/>.</exception>
    public static SafeFileHandle Take(string path, TimeSpan patience)
    {
        // The operating system's lock lives in real time, whatever clock its user was given.
        long start = TimeProvider.System.GetTimestamp();
        var pause = new SpinWait();
        while (true)
        {
            try
            {
                if (TryTake(path) is { } held) return held;
            }
            catch (StateException failure) when (failure.Error == StateError.Missing)
            {
                Create(path);
                continue;
            }
            if (TimeProvider.System.GetElapsedTime(start) > patience)
                throw new StateException(StateError.NotWritable, path, $"Another process has held {path} for {patience.TotalSeconds:0} s. Find it and end it.");
            // A lock of another process gives no signal. Many tries between two sleeps: where the shortest takes sixteen milliseconds, as on Windows, one try after each
            // starves beside somebody who takes the lock again as soon as it is free.
            pause.SpinOnce(TriesBetweenSleeps);
            if (pause.Count > TriesBetweenSleeps) pause.Reset();
        }
    }

    /// <summary>Refuses a place where a lock would not keep anybody out (some network file systems, or file locking switched off).</summary>
    /// <exception cref="StateException">It holds nobody out.</exception>
    public static void RequireExclusion(string path, TimeSpan patience)
    {
        using SafeFileHandle held = Take(path, patience);
        using SafeFileHandle? second = TryTake(path);
        if (second is null) return;
        throw new StateException(StateError.NotWritable, path, $"{path} cannot be locked, so two processes could spoil what is beside it. Put the directory on a local disk.");
    }

    private static void Create(string path) => FileFault.Run(path, () =>
    {
        PrivateFile.RefuseLink(path);
        try
        {
            PrivateFile.Create(path, []);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it at the same moment, which is as good.
            return;
        }
    });
}
