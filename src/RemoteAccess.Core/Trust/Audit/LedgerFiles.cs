using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// Names and opening of the ledger's files: never through a link, never readable by another account, and each failure of the operating
/// system turned into the one error that says what to do. On Windows the directory's access list is the platform package's business.
/// </summary>
internal static class LedgerFiles
{
    public const string Checkpoints = "checkpoints";
    public const string Reserve = "reserve";
    public const string Lock = "lock";

    private const string SegmentExtension = ".seg";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // errno of Linux and macOS as .NET hands it on in HResult, then the Win32 codes.
    private static readonly int[] DiskFullCodes = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>16 digits, the sequence of the first entry: 2^53 has as many.</summary>
    public static string SegmentPath(string directory, long first) =>
        Path.Combine(directory, first.ToString("D16", CultureInfo.InvariantCulture) + SegmentExtension);

    /// <summary>First sequences of all segments, ascending.</summary>
    public static IReadOnlyList<long> Segments(string directory)
    {
        List<long> firsts = [];
        foreach (string path in Guard(directory, () => Directory.GetFiles(directory, "*" + SegmentExtension)))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (name.Length != 16 || !long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long first))
            {
                throw new StateException(StateError.Corrupted, path, $"{path} is not a name the ledger gives to a segment.");
            }

            firsts.Add(first);
        }

        firsts.Sort();
        return firsts;
    }

    /// <exception cref="StateException">A link, or open to other accounts, or it cannot be made.</exception>
    public static void CreateDirectory(string directory)
    {
        Guard(directory, () => OperatingSystem.IsWindows() ? Directory.CreateDirectory(directory) : Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute));
        RefuseExposed(directory);
    }

    /// <exception cref="StateException">The directory is missing.</exception>
    public static void RequireDirectory(string directory)
    {
        if (!Directory.Exists(directory)) throw new StateException(StateError.Missing, directory, $"There is no ledger in {directory}.");
    }

    public static FileStream OpenForWriting(string path)
    {
        RefuseExposed(path);
        return Guard(path, () => Open(path, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <summary>
    /// Opens or creates for one holder alone; null while somebody else has it. Links and permissions were looked at when the ledger was opened.
    /// </summary>
    public static FileStream? TryOpenExclusively(string path) => Guard(path, () =>
    {
        try
        {
            return Open(path, FileShare.None);
        }
        catch (IOException failure) when (PrivateFile.IsHeldElsewhere(failure))
        {
            return null;
        }
    });

    public static FileStream OpenForReading(string path)
    {
        RefuseLink(path);
        return Guard(path, () => new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 }));
    }

    /// <summary>Does <paramref name="action"/> and says what its failure means for the ledger.</summary>
    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Explain(path, failure);
        }
    }

    public static void Guard(string path, Action action) => Guard(path, () =>
    {
        action();
        return true;
    });

    /// <exception cref="StateException">A link, or open to other accounts.</exception>
    public static void RefuseExposed(string path)
    {
        RefuseLink(path);
        if (OperatingSystem.IsWindows() || !Path.Exists(path)) return;
        if ((File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new StateException(StateError.Exposed, path, $"Other accounts may use {path}. Narrow its permissions to its owner (chmod go-rwx) and look into who could have changed it.");
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static StateException Explain(string path, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new StateException(StateError.Missing, path, $"{path} is not there.", failure),
        IOException when DiskFullCodes.Contains(failure.HResult) => new StateException(StateError.DiskFull, path, $"The disk that holds {path} is full. Make room; nothing was written.", failure),
        _ => new StateException(StateError.NotWritable, path, $"{path} cannot be used: {failure.Message}", failure),
    };

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) throw new StateException(StateError.Exposed, path, $"{path} is a link. The ledger follows none; put the file itself there.");
    }
}
