using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// Names and opening of the ledger's files: never through a link, never readable by another account.
/// </summary>
internal static class LedgerFiles
{
    public const string Checkpoints = "checkpoints";
    public const string Reserve = "reserve";
    public const string Lock = "lock";

    private const string SegmentExtension = ".seg";
    private const string HashesExtension = ".hashes";

    /// <summary>16 digits, the sequence of the first entry: 2^53 has as many.</summary>
    public static string SegmentPath(string directory, long first) =>
        Path.Combine(directory, first.ToString("D16", CultureInfo.InvariantCulture) + SegmentExtension);

    /// <summary>What stands in the place of a pruned segment.</summary>
    public static string HashesPath(string directory, long first) => Path.ChangeExtension(SegmentPath(directory, first), HashesExtension);

    /// <summary>The same for the segment's path.</summary>
    public static string HashesPath(string segment) => Path.ChangeExtension(segment, HashesExtension);

    /// <summary>Whether only hashes are kept of the segment that begins with <paramref name="first"/>. While it is there itself, it counts.</summary>
    public static bool IsPruned(string directory, long first) => !File.Exists(SegmentPath(directory, first)) && File.Exists(HashesPath(directory, first));

    /// <summary>The number of the first entry from <paramref name="first"/> on of which more than the hash is kept, or where the ledger ends.</summary>
    /// <exception cref="StateException">The hashes cannot be read.</exception>
    public static long SkipPruned(string directory, long first)
    {
        while (IsPruned(directory, first)) first += PrunedHashes.Read(HashesPath(directory, first), first).Length / MerkleFrontier.HashSize;
        return first;
    }

    /// <summary>Below which number entries are kept as hashes only: all, or, after a loss of power while they were pruned, some.</summary>
    /// <exception cref="StateException">The hashes cannot be read.</exception>
    public static long PrunedBefore(string directory) => Pruned(directory) is [.., var last] ? SkipPruned(directory, last) : 0;

    /// <summary>First sequences of all segments, ascending.</summary>
    public static IReadOnlyList<long> Segments(string directory) => Firsts(directory, SegmentExtension);

    /// <summary>First sequences of the files of hashes in the place of a segment, ascending.</summary>
    public static IReadOnlyList<long> Pruned(string directory) => [.. Firsts(directory, HashesExtension).Where(first => IsPruned(directory, first))];

    private static List<long> Firsts(string directory, string extension)
    {
        List<long> firsts = [];
        foreach (string path in FileFault.Run(directory, () => Directory.GetFiles(directory, "*" + extension)))
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
        PrivateFile.CreateDirectory(directory);
        PrivateFile.RefuseExposed(directory);
    }

    /// <exception cref="StateException">The directory is missing.</exception>
    public static void RequireDirectory(string directory)
    {
        if (!Directory.Exists(directory)) throw new StateException(StateError.Missing, directory, $"There is no ledger in {directory}.");
    }

    public static FileStream OpenForWriting(string path)
    {
        PrivateFile.RefuseExposed(path);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile.FileMode;
        return FileFault.Run(path, () => PrivateFile.Unlinked(path, () => new FileStream(path, options)));
    }

    public static FileStream OpenForReading(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        return FileFault.Run(path, () => PrivateFile.Unlinked(path, () => new FileStream(path, options)));
    }
}
