namespace RemoteAccess.Trust;

/// <summary>What one question to the system tells about a file or directory; the default when there is none.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length, UnixFileMode Mode)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists) return new FileStamp(file.LastWriteTimeUtc, file.Length, ModeOf(file));
        var directory = new DirectoryInfo(path);
        return directory.Exists ? new FileStamp(directory.LastWriteTimeUtc, -1, ModeOf(directory)) : default;
    }

    private static UnixFileMode ModeOf(FileSystemInfo info) => OperatingSystem.IsWindows() ? UnixFileMode.None : info.UnixFileMode;
}
