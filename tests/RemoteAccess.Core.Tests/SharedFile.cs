namespace RemoteAccess.Tests;

/// <summary>Reads and writes files that somebody has open: on Windows <see cref="File"/>'s own methods would refuse.</summary>
internal static class SharedFile
{
    private const FileShare All = FileShare.ReadWrite | FileShare.Delete;

    public static byte[] ReadAllBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, All);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, All);
        file.SetLength(0);
        file.Write(bytes);
    }
}
