using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// Files and directories that belong to one account (0700, 0600), whose links are never followed. On Windows the directory's access list decides
/// (<see cref="OwnerAccess"/>), which files inherit; the modes are a Unix matter. A whole-file write is: temporary file beside it, flush, rename, flush again. The second flush makes the
/// rename itself durable on ext4, XFS and Btrfs, which commit a file's newest name with it; .NET has no flush of a directory. What must
/// survive a power cut to be safe (a charge, a revocation, a block) is therefore never a rename but a <see cref="SlotFile"/>.
/// </summary>
internal static class PrivateFile
{
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OthersMode = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static void CreateDirectory(string path) => FileFault.Run(path, () =>
    {
        if (OperatingSystem.IsWindows()) OwnerAccess.OfNewDirectory().CreateDirectory(path);
        else Directory.CreateDirectory(path, DirectoryMode);
    });

    /// <exception cref="StateException">Missing, a link, or open to other accounts, itself or by a directory above it.</exception>
    public static void RequirePrivateDirectory(string path) => RequireDirectory(path, OthersMode);

    /// <summary>The same for one that is below a directory which was just looked at, without looking at those above again. False when it is not there.</summary>
    /// <exception cref="StateException">A link, or open to other accounts.</exception>
    public static bool RequirePrivateLeaf(string path) => FileFault.Run(path, () =>
    {
        var directory = new DirectoryInfo(path);
        if (OperatingSystem.IsWindows())
        {
            if (!directory.Exists) return false;
            RequirePrivateDirectory(path);
            return true;
        }
        FileAttributes attributes = directory.Attributes;
        if (attributes == (FileAttributes)(-1)) return false;
        if (attributes.HasFlag(FileAttributes.ReparsePoint)) throw Linked(path);
        if (!attributes.HasFlag(FileAttributes.Directory)) return false;
        return (directory.UnixFileMode & OthersMode) == 0 ? true : throw Exposed(path);
    });

    /// <summary>A directory that others may enter, and only its owner may change.</summary>
    /// <exception cref="StateException">Missing, a link, or others can write it or replace it.</exception>
    public static void RequireOwnersDirectory(string path) => RequireDirectory(path, UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

    private static void RequireDirectory(string path, UnixFileMode refused) => FileFault.Run(path, () =>
    {
        var directory = new DirectoryInfo(path);
        if (directory.LinkTarget is not null) throw Linked(path);
        if (!directory.Exists) throw new StateException(StateError.Missing, path, $"The directory {path} does not exist.");
        if (OperatingSystem.IsWindows())
        {
            RequireOnWindows(directory, refused == OthersMode ? OwnerAccess.Others.Nothing : OwnerAccess.Others.Read);
            return;
        }
        if ((directory.UnixFileMode & refused) != 0) throw refused == OthersMode ? Exposed(path) : new StateException(
            StateError.Exposed, path, $"Other accounts can change what is in {path}. Take that from them (chmod go-w '{path}') and look into who could have changed it.");
        for (DirectoryInfo? above = directory.Parent; above is not null; above = above.Parent)
        {
            if ((above.UnixFileMode & UnixFileMode.OtherWrite) != 0 && (above.UnixFileMode & UnixFileMode.StickyBit) == 0)
                throw new StateException(StateError.Exposed, path, $"Anybody can replace {path}, because {above.FullName} is writable for everyone.");
        }
    });

    /// <summary>Nobody else can reach it, or put something else in its place or in that of a directory above, and none of those is a link.</summary>
    [SupportedOSPlatform("windows")]
    private static void RequireOnWindows(DirectoryInfo directory, OwnerAccess.Others others)
    {
        if (OwnerAccess.WhyExposed(directory.FullName, others) is { } why)
            throw new StateException(StateError.Exposed, directory.FullName, $"Other accounts can reach {directory.FullName}: {why}. Take that from them (Properties, Security, without inheritance) and look into who could have changed it.");
        for (DirectoryInfo? above = directory.Parent; above is not null; above = above.Parent)
        {
            if (above.LinkTarget is not null) throw Linked(above.FullName);
            if (OwnerAccess.WhyExposed(above.FullName, OwnerAccess.Others.Add) is { } replaceable)
                throw new StateException(StateError.Exposed, directory.FullName, $"Other accounts can replace {directory.FullName}, because of {above.FullName}: {replaceable}.");
        }
    }

    /// <summary>Opens an existing private file.</summary>
    public static SafeFileHandle Open(string path, FileAccess access, FileShare share)
    {
        SafeFileHandle handle = Unlinked(path, () => File.OpenHandle(path, System.IO.FileMode.Open, access, share));
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(handle) & OthersMode) == 0) return handle;
        handle.Dispose();
        throw Exposed(path);
    }

    /// <summary>
    /// Opens what is no link, and looks once more when it is open: what was put in its place between the first look and the opening is closed again, before a byte of it is read. Only its owner could
    /// put it there and take it away in time; no call of an operating system is made here (docs/decisions/0005), such as one that asks the open file for its name.
    /// </summary>
    /// <exception cref="StateException">It is a link.</exception>
    public static T Unlinked<T>(string path, Func<T> open) where T : IDisposable
    {
        RefuseLink(path);
        T opened = open();
        try
        {
            RefuseLink(path);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file into a pinned array, which the caller zeroes when it holds a secret.</summary>
    public static byte[] Read(string path, int maxLength) => Read(path, maxLength, isSecret: true);

    /// <summary>Reads a whole file that holds no secret: pinned arrays are dear by the thousand.</summary>
    public static byte[] ReadNoSecret(string path, int maxLength) => Read(path, maxLength, isSecret: false);

    private static byte[] Read(string path, int maxLength, bool isSecret) => FileFault.Run(path, () =>
    {
        using SafeFileHandle handle = Open(path, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(handle);
        if (length > maxLength) throw new StateException(StateError.Corrupted, path, $"{path} is longer than anything written here.");
        byte[] content = GC.AllocateUninitializedArray<byte>((int)length, pinned: isSecret);
        for (int read = 0; read < content.Length;)
        {
            int count = RandomAccess.Read(handle, content.AsSpan(read), read);
            if (count == 0) throw new StateException(StateError.Corrupted, path, $"{path} ends early.");
            read += count;
        }
        return content;
    });

    /// <summary>Replaces the whole file, or creates it: a reader sees the old content or the new, never a part.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => FileFault.Run(path, () =>
    {
        RefuseLink(path);
        string temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            Create(temporary, content.Span);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        using SafeFileHandle renamed = Open(path, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(renamed);
    });

    /// <summary>Writes a file that must not exist yet, and flushes it.</summary>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="StateException">It is a link.</exception>
    public static void RefuseLink(string path)
    {
        // The attributes alone, one call, say of nearly all that they are none.
        var file = new FileInfo(path);
        if (file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.LinkTarget is not null) throw Linked(path);
    }

    /// <summary>What is not there yet is not refused.</summary>
    /// <exception cref="StateException">A link, or open to other accounts.</exception>
    public static void RefuseExposed(string path)
    {
        RefuseLink(path);
        if (OperatingSystem.IsWindows() || !Path.Exists(path)) return;
        if ((File.GetUnixFileMode(path) & OthersMode) != 0) throw Exposed(path);
    }

    private static StateException Exposed(string path) => new(
        StateError.Exposed, path, $"Other accounts can reach {path}. Narrow it to its owner (chmod go-rwx '{path}') and look into who could have changed it.");

    private static StateException Linked(string path) =>
        new(StateError.Exposed, path, $"{path} is a symbolic link. Links are not followed here; name the real place.");
}
