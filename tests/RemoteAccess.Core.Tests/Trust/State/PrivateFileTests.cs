using Microsoft.Win32.SafeHandles;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Links in a file's place: before it is opened, and between the look and the opening. On Windows links take a right that not everybody has; then nothing can be tried.</summary>
public sealed class PrivateFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ra-private-").FullName;

    private string Target => Path.Combine(folder, "target");

    private string Name => Path.Combine(folder, "name");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Open_OfALink_IsRefusedAndNothingIsOpened()
    {
        PrivateFile.Create(Target, [1, 2, 3]);
        Link();

        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => PrivateFile.Open(Name, FileAccess.Read, FileShare.Read)).Error);
        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => PrivateFile.Unlinked<SafeFileHandle>(Name, () => throw new InvalidOperationException("It was opened."))).Error);
    }

    [Fact]
    public void Open_WithALinkPutThereAfterTheLook_IsClosedAgainAndRefused()
    {
        PrivateFile.Create(Target, [1, 2, 3]);
        PrivateFile.Create(Name, [4]);
        SafeFileHandle? opened = null;

        StateException refusal = Assert.Throws<StateException>(() => PrivateFile.Unlinked(Name, () =>
        {
            File.Delete(Name);
            Link();
            return opened = File.OpenHandle(Name);
        }));

        Assert.Equal(StateError.Exposed, refusal.Error);
        Assert.True(opened!.IsClosed);
    }

    [Fact]
    public void Open_OfAFile_IsThatFile()
    {
        PrivateFile.Create(Name, [4]);

        using SafeFileHandle handle = PrivateFile.Open(Name, FileAccess.Read, FileShare.Read);

        Assert.Equal(1, RandomAccess.GetLength(handle));
    }

    private void Link()
    {
        try
        {
            File.CreateSymbolicLink(Name, Target);
        }
        catch (Exception none) when (OperatingSystem.IsWindows() && none is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"No link can be made here: {none.Message}");
        }
        Assert.SkipWhen(new FileInfo(Name).LinkTarget is null, "This system shows no link.");
    }
}
