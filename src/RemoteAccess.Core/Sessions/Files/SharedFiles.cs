using Microsoft.Win32.SafeHandles;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The shared folders as one session sees them: by ids, from names that the file system gave, below the real place of each shared folder. Links are not there, nor what has a name that
/// does not travel; and what is no plain file has no bytes. Thread-safe.
/// </summary>
internal sealed class SharedFiles(FileSharing sharing)
{
    /// <summary>Of one folder; the rest is left out, and that is told.</summary>
    public const int MaxEntries = 10_000;

    private static readonly EnumerationOptions Plain = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    private readonly FileTable table = new();

    public bool IsEmpty => !sharing.Now().Any();

    /// <summary>What a session was told of may be shared no more.</summary>
    /// <exception cref="AccessRefusedException">Nobody was told of it, or its folder is not shared any more.</exception>
    public void DemandShared(ulong id) => _ = Find(id);

    /// <summary>What is in a folder; 0 for the shared folders, of which those are listed that are there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="AccessRefusedException">No such folder; too many ids.</exception>
    public IReadOnlyList<SharedEntry> List(ulong folder, out bool isCut)
    {
        isCut = false;
        if (folder == 0)
        {
            return [.. sharing.Now().Where(shared => Directory.Exists(shared.FullPath)).Select(shared => new FileNode(null, shared, RootedPath.Real(shared.FullPath), shared.Name))
                .Where(node => sharing.MayBeShared(node.Root)).Select(Describe)];
        }
        FileNode node = Find(folder);
        RootedPath.DemandNoLink(node.Root, node.FullPath);
        var entries = new List<SharedEntry>();
        foreach (FileSystemInfo info in new DirectoryInfo(node.FullPath).EnumerateFileSystemInfos("*", Plain))
        {
            if (info.LinkTarget is not null || !FileNames.IsAcceptable(info.Name)) continue;
            var child = new FileNode(node, node.Shared, node.Root, info.Name);
            if (System.Text.Encoding.UTF8.GetByteCount(child.Label) > FileTable.MaxLabelBytes) continue;
            if (isCut = entries.Count == MaxEntries) break;
            entries.Add(Describe(child, info));
        }
        // What was swapped in meanwhile is not told.
        RootedPath.DemandNoLink(node.Root, node.FullPath);
        return entries;
    }

    /// <summary>Opens a file for reading. May wait for ever where the customer's own programs put a pipe in its place at this moment.</summary>
    /// <exception cref="IOException">It cannot be read, or is no plain file.</exception>
    /// <exception cref="AccessRefusedException">No such file.</exception>
    public OpenedFile OpenRead(ulong file)
    {
        FileNode node = Find(file);
        RootedPath.DemandNoLink(node.Root, node.FullPath);
        var info = new FileInfo(node.FullPath);
        if (node.Parent is null || !info.Exists) throw new FileNotFoundException("There is no such file.");
        DateTimeOffset modified = info.LastWriteTimeUtc;
        // Pipes and devices have no length, and opening one may wait, or do something.
        if (info.Length == 0) return new OpenedFile(node, null, 0, modified);
        SafeFileHandle handle = File.OpenHandle(node.FullPath, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Write);
        try
        {
            RootedPath.Demand(handle, node.Root, node.FullPath);
            return new OpenedFile(node, handle, RandomAccess.GetLength(handle), modified);
        }
        catch (NotSupportedException)
        {
            handle.Dispose();
            throw new FileNotFoundException("It is no plain file.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Begins a new file in a folder.</summary>
    /// <exception cref="IOException">It cannot be created there.</exception>
    /// <exception cref="AccessRefusedException">No such folder, a read-only one, not a name, there already, or no room.</exception>
    public FilePart Create(ulong folder, string name, ulong size, bool mayReplace)
    {
        FileNode parent = Find(folder);
        if (parent.Shared.IsReadOnly) throw Refused(RefusalReason.FolderReadOnly);
        if (!FileNames.IsAcceptable(name)) throw Refused(RefusalReason.NotAcceptable);
        var target = new FileNode(parent, parent.Shared, parent.Root, name);
        if (System.Text.Encoding.UTF8.GetByteCount(target.Label) > FileTable.MaxLabelBytes) throw Refused(RefusalReason.NotAcceptable);
        if (size > long.MaxValue || !HasRoom(parent, (long)size)) throw Refused(RefusalReason.NoRoom);
        if (Directory.Exists(target.FullPath) || (!mayReplace && Path.Exists(target.FullPath))) throw Refused(RefusalReason.FileExists);
        return FilePart.Create(target);
    }

    /// <summary>Whether what the customer's disk keeps free is still free when so much more is written.</summary>
    public bool HasRoom(ulong folder, long bytes) => HasRoom(Find(folder), bytes);

    /// <summary>Asked at each use: the customer may have taken it back, or shared another folder under its name.</summary>
    private FileNode Find(ulong id)
    {
        FileNode node = table.Find(id);
        return sharing.Now().Contains(node.Shared) ? node : throw Refused(RefusalReason.FileGone);
    }

    private bool HasRoom(FileNode folder, long bytes) => bytes <= sharing.FreeSpace(folder.Root) - sharing.Reserve;

    private SharedEntry Describe(FileNode node) => new(table.IdOf(node), node.Name, 0, default, IsFolder: true, node.Shared.IsReadOnly);

    private SharedEntry Describe(FileNode node, FileSystemInfo info) =>
        new(table.IdOf(node), node.Name, info is FileInfo file ? file.Length : 0, info.LastWriteTimeUtc, info is DirectoryInfo, node.Shared.IsReadOnly);

    private static AccessRefusedException Refused(RefusalReason reason) => new(reason, operation: Operations.TransferFiles);
}

/// <summary>One line of a folder.</summary>
internal sealed record SharedEntry(ulong Id, string Name, long Size, DateTimeOffset Modified, bool IsFolder, bool IsReadOnly);
