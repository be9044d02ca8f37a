using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class FileStampTests
{
    [Fact]
    public void Of_TheSameEntryAskedAgain_SeesWhatBecameOfIt()
    {
        string folder = Directory.CreateTempSubdirectory("remoteaccess-").FullName, path = Path.Combine(folder, "entry");
        try
        {
            var entry = new FileInfo(path);
            Assert.Equal(default, FileStamp.Of(entry));

            File.WriteAllText(path, "four");
            FileStamp file = FileStamp.Of(entry);
            Assert.Equal(4, file.Length);
            Assert.Equal(File.GetLastWriteTimeUtc(path), file.Written);
            File.WriteAllText(path, "longer");
            Assert.Equal(6, FileStamp.Of(entry).Length);

            File.Delete(path);
            Assert.Equal(default, FileStamp.Of(entry));
            Directory.CreateDirectory(path);
            FileStamp directory = FileStamp.Of(entry);
            Assert.Equal(-1, directory.Length);
            Assert.Equal(Directory.GetLastWriteTimeUtc(path), directory.Written);
            Assert.Equal(directory, FileStamp.Of(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead);
                Assert.Equal(UnixFileMode.UserRead, FileStamp.Of(entry).Mode);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
