using System.Diagnostics;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A disk that is really full: a small tmpfs, which only root may mount.</summary>
public sealed class LedgerDiskFullTests : IDisposable
{
    private readonly string mount = Directory.CreateTempSubdirectory("ledger-disk-").FullName;
    private bool mounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (mounted) Run("umount", mount);
        Directory.Delete(mount, recursive: true);
    }

    [Fact]
    public async Task Append_DiskFull_EndIsWrittenFromTheReserveAndNothingBeginsUntilThereIsRoom()
    {
        mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=4m", "ledger-test", mount);
        Assert.SkipUnless(mounted, "A small disk to fill needs root and Linux (mount -t tmpfs).");
        using var folder = new LedgerFolder(mount);
        string filling = Path.Combine(mount, "filling");
        await File.WriteAllBytesAsync(filling, new byte[2 * 1024 * 1024], Token);
        string reserve = Path.Combine(folder.Path, LedgerFiles.Reserve);

        await using (Ledger ledger = folder.Open())
        {
            long acknowledged = 0;
            StateException full = await Assert.ThrowsAsync<StateException>(async () =>
            {
                while (true) acknowledged = await ledger.AppendAsync(Large(), Token) + 1;
            });
            Assert.Equal(StateError.DiskFull, full.Error);
            Assert.InRange(acknowledged, 50, 200);
            Assert.Equal(LedgerReserve.Size, new FileInfo(reserve).Length);
            LedgerVerification verification = folder.Verify();
            Assert.True(verification.Ok, verification.ToString());
            Assert.Equal((acknowledged, 0), (verification.Entries, verification.TornBytes));
            Assert.Equal(StateError.DiskFull, (await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(Large(), Token))).Error);

            // The running session's end, its checkpoint, and more: all of it out of the reserve.
            for (int i = 0; i < 20; i++) Assert.Equal(acknowledged + i, await ledger.AppendLastAsync(Large(), Token));
            Assert.Equal(0, new FileInfo(reserve).Length);
            await ledger.CheckpointAsync(Token);
            Assert.Equal(acknowledged + 20, folder.Verify().SignedEntries);
            Assert.Equal(StateError.DiskFull, (await Assert.ThrowsAsync<StateException>(async () => await ledger.AppendAsync(LedgerFolder.Event(1), Token))).Error);
        }

        await using (Ledger again = folder.Open())
        {
            Assert.Equal(StateError.DiskFull, (await Assert.ThrowsAsync<StateException>(async () => await again.AppendAsync(LedgerFolder.Event(1), Token))).Error);
            long before = again.Read().Count();
            File.Delete(filling);
            Assert.Equal(before, await again.AppendAsync(LedgerFolder.Event(1), Token));
            Assert.Equal(LedgerReserve.Size, new FileInfo(reserve).Length);
        }

        Assert.True(folder.Verify().Ok, folder.Verify().ToString());
    }

    [Fact]
    public async Task Append_FullWhileOrdinaryAndLastEntriesWait_OnlyTheLastOnesAreWritten()
    {
        // At the seam instead of on a disk: the first write of a batch of both kinds finds the disk full.
        using var folder = new LedgerFolder();
        var disk = new CountingDisk();
        await using Ledger ledger = folder.Open(disk: disk);
        await ledger.AppendAsync(LedgerFolder.Event(0), Token);
        using var firstFlush = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        disk.Flushing = () =>
        {
            disk.Flushing = null;
            firstFlush.Release();
            goOn.Wait(Token);
            disk.FailWrite = new IOException("No space left on device", 28);
        };
        Task<long> first = ledger.AppendAsync(LedgerFolder.Event(1), Token).AsTask();
        await firstFlush.WaitAsync(Token);
        Task<long> ordinary = ledger.AppendAsync(LedgerFolder.Event(2), Token).AsTask();
        Task<long> last = ledger.AppendLastAsync(LedgerFolder.Event(3, "session.ended"), Token).AsTask();
        goOn.Release();
        Assert.Equal(1, await first);
        Assert.Equal(StateError.DiskFull, (await Assert.ThrowsAsync<StateException>(() => ordinary)).Error);
        Assert.Equal(2, await last);
        Assert.Equal(["test.entry", "test.entry", "session.ended"], ledger.Read().Select(entry => entry.Type));
    }

    private static LedgerEvent Large() => LedgerFolder.Event(1) with { Data = new JsonObject { ["x"] = new string('x', 10_000) } };

    private static bool Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
