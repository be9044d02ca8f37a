using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

[UnsupportedOSPlatform("windows")]
[Trait("Platform", "Unix")]
public sealed class LedgerFilesTests : IDisposable
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Open_NewLedger_BelongsToItsOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions.");
        await folder.FillAsync(1);
        Assert.Equal(FileMode600 | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        string[] names = [.. Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order()];
        Assert.Equal(["0000000000000000.seg", "checkpoints", "lock", "reserve"], names);
        foreach (string path in Directory.GetFiles(folder.Path)) Assert.Equal(FileMode600, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("0000000000000000.seg")]
    [InlineData("checkpoints")]
    [InlineData("lock")]
    [InlineData("")]
    public async Task Open_OtherAccountsMayUseIt_Refused(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions.");
        await folder.FillAsync(1);
        string path = Path.Combine(folder.Path, name);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead);
        StateException refusal = Assert.Throws<StateException>(() => folder.Open());
        Assert.Equal(StateError.Exposed, refusal.Error);
    }

    [Theory]
    [InlineData("0000000000000000.seg")]
    [InlineData("checkpoints")]
    [InlineData("lock")]
    public async Task Open_FileIsALink_Refused(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        await folder.FillAsync(1);
        string path = Path.Combine(folder.Path, name);
        string elsewhere = Path.Combine(folder.Root, "elsewhere");
        File.Move(path, elsewhere);
        File.CreateSymbolicLink(path, elsewhere);
        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => folder.Open()).Error);
    }

    [Fact]
    public async Task Open_DirectoryIsALink_Refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        await folder.FillAsync(1);
        Directory.Move(folder.Path, folder.Path + "2");
        File.CreateSymbolicLink(folder.Path, folder.Path + "2");
        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => folder.Open()).Error);
    }

    [Fact]
    public void Verify_NoLedger_SaysMissing()
    {
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => folder.Verify()).Error);
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => LedgerReader.Read(folder.Path).Count()).Error);
    }
}
