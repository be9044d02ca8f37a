using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The folder of <see cref="InputNote"/>s, which nobody but this user can write to or look into.</summary>
internal static unsafe class NoteFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const ushort TypeMask = 0xf000, FolderType = 0x4000, PermissionMask = 0x1ff;

    /// <summary>$XDG_RUNTIME_DIR/remoteaccess, or /tmp/remoteaccess-(user id); made if it is not there.</summary>
    /// <exception cref="DesktopException">Somebody else has made a folder of that name.</exception>
    public static string Demand()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        string folder = !string.IsNullOrEmpty(runtime) && Directory.Exists(runtime)
            ? Path.Combine(runtime, "remoteaccess")
            : Path.Combine("/tmp", $"remoteaccess-{LibC.geteuid()}");
        try
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(folder, error);
        }
        return IsPrivate(folder) ? folder : throw Unusable(folder, null);
    }

    private static bool IsPrivate(string folder)
    {
        Statx found;
        return LibC.statx(LibC.AtCurrentFolder, folder, LibC.AtSymlinkNoFollow, LibC.StatxBasic, &found) == 0
            && found.OwnerId == LibC.geteuid() && (found.Mode & TypeMask) == FolderType && (found.Mode & PermissionMask) == (int)OwnerOnly;
    }

    private static DesktopException Unusable(string folder, Exception? inner) =>
        new(DesktopError.NoDisplay, $"Input needs a folder of this user alone for its note of held keys, and {folder} is not one. Remove it, or set XDG_RUNTIME_DIR to the user's runtime folder.", inner);
}
