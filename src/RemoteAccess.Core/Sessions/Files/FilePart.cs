using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// A file that is being written: in its folder, under a name of chance, until it is whole. Disposing removes it unless it was committed. Not thread-safe.
/// </summary>
internal sealed class FilePart : IDisposable
{
    private readonly FileNode target;
    private readonly string path;
    private readonly SafeFileHandle handle;
    private readonly IFilePlaces? places;
    private bool isCommitted;
    private long written;

    private FilePart(FileNode target, string path, SafeFileHandle handle, IFilePlaces? places) => (this.target, this.path, this.handle, this.places) = (target, path, handle, places);

    /// <summary>For the ledger.</summary>
    public string Label => target.Label;

    /// <param name="target">What it becomes.</param>
    /// <param name="places">Says where it is in truth; null where Core itself can tell, or nobody.</param>
    /// <exception cref="IOException">It cannot be created there.</exception>
    public static FilePart Create(FileNode target, IFilePlaces? places)
    {
        string folder = target.Parent!.FullPath;
        RootedPath.DemandNoLink(target.Root, folder);
        string path = Path.Join(folder, $".{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}{FileNames.PartSuffix}");
        SafeFileHandle handle = places?.Create(path) ?? File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        var part = new FilePart(target, path, handle, places);
        try
        {
            RootedPath.Demand(handle, target.Root, path, places);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public void Append(ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(handle, content, written);
        written += content.Length;
    }

    /// <summary>It is whole, and gets its name: on the disk when this returns.</summary>
    /// <param name="mayReplace">In the place of a file of that name, if there is one; then there is the old one or the new one at any moment, and nothing in between.</param>
    /// <exception cref="AccessRefusedException">There is one, and it may not be replaced; or a folder.</exception>
    /// <exception cref="IOException">It cannot be done; the part is still there.</exception>
    public void Commit(bool mayReplace)
    {
        RandomAccess.FlushToDisk(handle);
        RootedPath.Demand(handle, target.Root, path, places);
        if (Directory.Exists(target.FullPath)) throw new AccessRefusedException(RefusalReason.FileExists, operation: Operations.TransferFiles);
        try
        {
            Rename(mayReplace);
        }
        catch (IOException) when (!mayReplace && Path.Exists(target.FullPath))
        {
            throw new AccessRefusedException(RefusalReason.FileExists, operation: Operations.TransferFiles);
        }
        if (!handle.IsClosed)
        {
            RootedPath.Demand(handle, target.Root, target.FullPath, places);
            // Makes the new name durable too, on the file systems that commit a file's newest name with it.
            RandomAccess.FlushToDisk(handle);
        }
        isCommitted = true;
    }

    private void Rename(bool mayReplace)
    {
        if (places is not null)
        {
            places.Rename(handle, target.Name, mayReplace);
            return;
        }
        // By its path Windows does not rename what is open.
        if (OperatingSystem.IsWindows()) handle.Dispose();
        File.Move(path, target.FullPath, mayReplace);
    }

    public void Dispose()
    {
        // A link in between had it created, or renamed, elsewhere: it is removed where it is.
        string? real = isCommitted || handle.IsClosed ? null : RootedPath.WhereIs(handle, places);
        handle.Dispose();
        if (!isCommitted) File.Delete(real ?? path);
    }
}
