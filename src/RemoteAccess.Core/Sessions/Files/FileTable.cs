using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>One file or folder that a session was told of.</summary>
/// <param name="Parent">Its folder; null for a shared folder itself.</param>
/// <param name="Shared">The shared folder it is in.</param>
/// <param name="Root">The real place of that one.</param>
/// <param name="Name">Its own name, as the file system gave it.</param>
internal sealed record FileNode(FileNode? Parent, SharedFolder Shared, string Root, string Name)
{
    public string FullPath { get; } = Parent is null ? Root : Path.Join(Parent.FullPath, Name);

    /// <summary>For the ledger: the shared folder's name and what is below, never where it is.</summary>
    public string Label { get; } = Parent is null ? Shared.Name : $"{Parent.Label}/{Name}";
}

/// <summary>
/// The ids that one session was handed: numbers that say nothing and mean nothing in another. Only what was listed has one, so nothing else can be asked for. Thread-safe.
/// </summary>
internal sealed class FileTable
{
    /// <summary>Of one session.</summary>
    public const int MaxIds = 50_000;

    /// <summary>In bytes of UTF-8, of a label: an entry of the ledger holds it.</summary>
    public const int MaxLabelBytes = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<(FileNode? Parent, string Name), ulong> ids = new(KeyComparer.Instance);
    private readonly List<FileNode> nodes = [];

    /// <exception cref="AccessRefusedException">The session has had its ids.</exception>
    public ulong IdOf(FileNode node)
    {
        lock (gate)
        {
            if (ids.TryGetValue((node.Parent, node.Name), out ulong known)) return known;
            if (nodes.Count == MaxIds) throw new AccessRefusedException(RefusalReason.LimitReached, operation: Operations.TransferFiles);
            nodes.Add(node);
            return ids[(node.Parent, node.Name)] = (ulong)nodes.Count;
        }
    }

    /// <exception cref="AccessRefusedException">Nobody was told of it.</exception>
    public FileNode Find(ulong id)
    {
        lock (gate) return id is > 0 and <= MaxIds && id <= (ulong)nodes.Count ? nodes[(int)id - 1] : throw new AccessRefusedException(RefusalReason.FileGone, operation: Operations.TransferFiles);
    }

    /// <summary>Parents are the table's own objects, so that one is compared by being the same.</summary>
    private sealed class KeyComparer : IEqualityComparer<(FileNode? Parent, string Name)>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals((FileNode? Parent, string Name) x, (FileNode? Parent, string Name) y) => ReferenceEquals(x.Parent, y.Parent) && string.Equals(x.Name, y.Name, StringComparison.Ordinal);

        public int GetHashCode((FileNode? Parent, string Name) key) =>
            HashCode.Combine(key.Parent is null ? 0 : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Parent), string.GetHashCode(key.Name, StringComparison.Ordinal));
    }
}
