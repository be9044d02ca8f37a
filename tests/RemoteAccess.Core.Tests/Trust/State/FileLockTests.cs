using Microsoft.Win32.SafeHandles;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("file-lock-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Path => System.IO.Path.Combine(root, "lock");

    [Fact]
    public void Take_NotThere_MakesItForTheOwnerOnlyAndHoldsOthersOut()
    {
        using (SafeFileHandle held = FileLock.Take(Path, TimeSpan.Zero))
        {
            Assert.Null(FileLock.TryTake(Path));
            if (!OperatingSystem.IsWindows()) Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(Path));
        }

        using SafeFileHandle? again = FileLock.TryTake(Path);
        Assert.NotNull(again);
    }

    [Fact]
    public void Take_HeldLongerThanOnesPatience_SaysByWhomToLook()
    {
        using SafeFileHandle held = FileLock.Take(Path, TimeSpan.Zero);

        StateException refused = Assert.Throws<StateException>(() => FileLock.Take(Path, TimeSpan.Zero));

        Assert.Equal((StateError.NotWritable, Path), (refused.Error, refused.Path));
        Assert.Contains("Another process has held", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Take_FileIsALink_IsExposed(bool leadsSomewhere)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        string elsewhere = System.IO.Path.Combine(root, "elsewhere");
        if (leadsSomewhere) File.WriteAllText(elsewhere, "");
        File.CreateSymbolicLink(Path, elsewhere);

        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => FileLock.Take(Path, TimeSpan.Zero)).Error);
        Assert.Equal(leadsSomewhere, File.Exists(elsewhere));
    }

    [Fact]
    public void Take_DirectoryIsGone_IsMissing() =>
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => FileLock.Take(System.IO.Path.Combine(root, "gone", "lock"), TimeSpan.Zero)).Error);
}
