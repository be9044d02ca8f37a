namespace RemoteAccess.Trust;

/// <summary>What one question to the system tells about a file or directory; the default when there is none.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length, UnixFileMode Mode)
{
    public static FileStamp Of(string path) => Of(new FileInfo(path));

    /// <summary>As it is now. The same object may be asked again and again, which spares its path being looked at each time.</summary>
    /// <param name="entry">What is there, a file or a directory: one question answers for both.</param>
    public static FileStamp Of(FileInfo entry)
    {
        entry.Refresh();
        FileAttributes attributes = entry.Attributes;
        if (attributes == Missing) return default;
        return new FileStamp(entry.LastWriteTimeUtc, attributes.HasFlag(FileAttributes.Directory) ? -1 : entry.Length, ModeOf(entry));
    }

    private const FileAttributes Missing = (FileAttributes)(-1);

    private static UnixFileMode ModeOf(FileInfo info) => OperatingSystem.IsWindows() ? UnixFileMode.None : info.UnixFileMode;
}
