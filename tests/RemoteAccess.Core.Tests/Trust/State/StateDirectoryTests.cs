using System.Diagnostics;
using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

[UnsupportedOSPlatform("windows")]
[Trait("Platform", "Unix")]
public sealed class StateDirectoryTests
{
    [Fact]
    public async Task Open_NewDirectory_IsReachableByThisAccountOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a Unix matter.");
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);

        foreach (string path in Directory.EnumerateFileSystemEntries(fixture.State, "*", SearchOption.AllDirectories).Append(fixture.State))
        {
            UnixFileMode mode = File.GetUnixFileMode(path);
            Assert.True((mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) == 0, $"{path}: {mode}");
            if (File.Exists(path)) Assert.Equal(UnixFileMode.None, mode & UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Open_Twice_KeepsTheComputersKey()
    {
        await using var fixture = new TrustFixture();

        Assert.Equal(fixture.Open().HostKey.ToArray(), fixture.Open().HostKey.ToArray());
    }

    [Theory]
    [InlineData(".")]
    [InlineData("host.key")]
    [InlineData("version")]
    [InlineData("grants")]
    [InlineData("block")]
    public async Task Open_ReachableByOthers_IsExposed(string entry)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a Unix matter.");
        await using var fixture = new TrustFixture();
        await fixture.Open().DisposeAsync();
        string path = Path.Combine(fixture.State, entry);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead);

        StateException refused = Assert.Throws<StateException>(() => fixture.Open().BlockedUntil);

        Assert.Equal(StateError.Exposed, refused.Error);
    }

    [Fact]
    public async Task Open_UnderADirectoryAnybodyCanWrite_IsExposed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a Unix matter.");
        await using var fixture = new TrustFixture();
        File.SetUnixFileMode(fixture.Root, (UnixFileMode)0b111_111_111);

        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => fixture.Open()).Error);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("host.key")]
    [InlineData("version")]
    [InlineData("grants")]
    [InlineData("block")]
    public async Task Open_SymbolicLinkInPlace_IsNotFollowed(string entry)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        await using var fixture = new TrustFixture();
        await fixture.Open().DisposeAsync();
        string path = Path.GetFullPath(Path.Combine(fixture.State, entry)), moved = Path.Combine(fixture.Root, "moved");
        Directory.Move(path, moved);
        File.CreateSymbolicLink(path, moved);

        StateException refused = Assert.Throws<StateException>(() => fixture.Open().BlockedUntil);

        Assert.Equal(StateError.Exposed, refused.Error);
    }

    [Theory]
    [InlineData("remoteaccess-state 2\n", StateError.NewerVersion)]
    [InlineData("remoteaccess-state 0\n", StateError.Corrupted)]
    [InlineData("remoteaccess-state one\n", StateError.Corrupted)]
    [InlineData("something else", StateError.Corrupted)]
    [InlineData("", StateError.Corrupted)]
    public async Task Open_OtherVersionFile_Refuses(string content, StateError error)
    {
        await using var fixture = new TrustFixture();
        await fixture.Open().DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(fixture.State, "version"), content, TestContext.Current.CancellationToken);
        string before = Contents(fixture.State);

        Assert.Equal(error, Assert.Throws<StateException>(() => fixture.Open()).Error);

        Assert.Equal(before, Contents(fixture.State));
    }

    [Fact]
    public async Task Open_DirectoryWithForeignFiles_LeavesItAlone()
    {
        await using var fixture = new TrustFixture();
        Directory.CreateDirectory(fixture.State);
        File.SetUnixFileMode(fixture.State, PrivateFile.DirectoryMode);
        await File.WriteAllTextAsync(Path.Combine(fixture.State, "diary.txt"), "mine", TestContext.Current.CancellationToken);

        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => fixture.Open()).Error);
        Assert.Equal(["diary.txt"], Directory.GetFileSystemEntries(fixture.State).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("host.key")]
    [InlineData("block")]
    public async Task Open_DamagedFile_Refuses(string entry)
    {
        await using var fixture = new TrustFixture();
        await fixture.Open().DisposeAsync();
        string path = Path.Combine(fixture.State, entry);
        byte[] content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        for (int i = 0; i < content.Length; i += 7) content[i] ^= 0x55;
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        string before = Contents(fixture.State);

        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => fixture.Open().BlockedUntil).Error);

        Assert.Equal(before, Contents(fixture.State));
    }

    [Fact]
    public async Task Open_HostKeyGoneWhileGrantsAreThere_Refuses()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);
        File.Delete(Path.Combine(fixture.State, "host.key"));

        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => fixture.Open()).Error);
    }

    [Fact]
    public async Task Open_ReadOnlyFileSystem_IsNotWritable()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Mounting needs root on Linux.");
        await using var fixture = new TrustFixture();
        Directory.CreateDirectory(fixture.State, PrivateFile.DirectoryMode);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "ro,size=64k,mode=0700", "tmpfs", fixture.State), "Mounting is not allowed here.");
        try
        {
            Assert.Equal(StateError.NotWritable, Assert.Throws<StateException>(() => fixture.Open()).Error);
        }
        finally
        {
            Assert.True(Run("umount", fixture.State));
        }
    }

    [Fact]
    public async Task Install_DiskFull_SaysSoAndNothingIsInForce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Mounting needs root on Linux.");
        await using var fixture = new TrustFixture();
        Directory.CreateDirectory(fixture.State, PrivateFile.DirectoryMode);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", fixture.State), "Mounting is not allowed here.");
        try
        {
            await using TrustFlow trust = fixture.Open();
            using (var filler = new FileStream(Path.Combine(fixture.State, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                Assert.Throws<IOException>(() => Fill(filler));
            }

            StateException refused = await Assert.ThrowsAsync<StateException>(() => fixture.GrantAsync(trust));

            Assert.Equal(StateError.DiskFull, refused.Error);
            Assert.Empty(trust.Grants);
        }
        finally
        {
            Assert.True(Run("umount", "--lazy", fixture.State));
        }
    }

    [Fact]
    public async Task ReadOnly_BeforeAndDuringASession_NobodyGetsInAndNothingIsLost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Mounting needs root on Linux.");
        await using var fixture = new TrustFixture();
        Directory.CreateDirectory(fixture.State, PrivateFile.DirectoryMode);
        Assert.SkipUnless(Run("mount", "--bind", fixture.State, fixture.State), "Mounting is not allowed here.");
        bool isReadOnly = false;
        // A second mount over the first: what is open stays so, and whatever is opened from now on cannot be written.
        void MakeReadOnly() => Assert.True(Run("mount", "--bind", fixture.State, fixture.State) && (isReadOnly = Run("mount", "-o", "remount,bind,ro", fixture.State)));
        void MakeWritable() => Assert.True(!(isReadOnly = !Run("umount", "--lazy", fixture.State)));
        try
        {
            await using TrustFlow trust = fixture.Open();
            Grant grant = await fixture.GrantAsync(trust);
            await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));

            MakeReadOnly();
            StateException blocked = await Assert.ThrowsAsync<StateException>(() => trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", TestContext.Current.CancellationToken).AsTask());
            Assert.Equal(StateError.NotWritable, blocked.Error);
            Assert.Equal(RefusalReason.RecordUnavailable, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
            await trust.DisposeAsync();
            Assert.Equal(StateError.NotWritable, Assert.Throws<StateException>(() => fixture.Open()).Error);
            MakeWritable();

            await using TrustFlow again = fixture.Open();
            Assert.Equal(grant.Id.ToArray(), Assert.Single(again.Grants).Id.ToArray());
            Assert.True(again.VerifyLedger().Ok);
            Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(again, fixture.Request(grant))).Refusal);
        }
        finally
        {
            if (isReadOnly) MakeWritable();
            Assert.True(Run("umount", "--lazy", fixture.State));
        }
    }

    [Fact]
    public async Task Lock_HeldByAnother_IsWaitedFor()
    {
        await using var fixture = new TrustFixture();
        StateDirectory first = OpenState(fixture), second = OpenState(fixture);
        IDisposable held = first.Lock();
        Task<bool> other = Task.Run(() =>
        {
            using (second.Lock()) return true;
        });

        Assert.False(other.IsCompleted);
        held.Dispose();

        Assert.True(await other.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
    }

    private static StateDirectory OpenState(TrustFixture fixture) => StateDirectory.Open(fixture.State);

    private static string Contents(string root) => string.Join('\n', Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(SharedFile.ReadAllBytes(path)))}"));

    private static void Fill(FileStream file)
    {
        while (true) file.Write(new byte[512]);
    }

    private static bool Run(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true }) ?? throw new InvalidOperationException(file);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
