using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a person with the disk, but without the computer's key, can do to a ledger, and that it shows.</summary>
public sealed class LedgerTamperTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Verify_EachByteOfASmallLogChanged_Detected()
    {
        await folder.FillAsync(3);
        foreach (string path in (string[])[folder.Segment(0), folder.Checkpoints])
        {
            byte[] good = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            for (int i = 0; i < good.Length; i += Wine.Or(1, 41))
            {
                byte[] bad = [.. good];
                bad[i] ^= (byte)(1 << (i % 8));
                await File.WriteAllBytesAsync(path, bad, TestContext.Current.CancellationToken);
                Assert.False(folder.Verify().Ok, $"{path} byte {i}");
                Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => folder.Open()).Error);
            }

            await File.WriteAllBytesAsync(path, good, TestContext.Current.CancellationToken);
        }

        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Verify_SampledBitsOfALongUnsignedTailChanged_Detected()
    {
        // No final checkpoint, so that only framing, form and chain can tell. The copy is taken while the ledger is still open.
        await using Ledger ledger = folder.Open();
        await LedgerFolder.AppendAsync(ledger, 60);
        string copy = Path.Combine(folder.Root, "copy");
        Copy(folder.Path, copy);
        string path = LedgerFiles.SegmentPath(copy, 0);
        byte[] good = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(60, LedgerVerifier.Verify(copy, folder.Key.PublicKey).UnsignedEntries);
        var random = new Random(4711);
        for (int i = 0; i < 600; i++)
        {
            byte[] bad = [.. good];
            int where = random.Next(bad.Length);
            bad[where] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(path, bad, TestContext.Current.CancellationToken);
            LedgerVerification verification = LedgerVerifier.Verify(copy, folder.Key.PublicKey);
            Assert.False(verification.Ok, $"byte {where}");
            Assert.True(verification.Problem!.Offset <= where && verification.Problem.File == path, verification.Problem.ToString());
        }
    }

    [Fact]
    public async Task Verify_RecordWithARightChecksumButChangedContent_Detected()
    {
        await folder.FillAsync(10);
        List<byte[]> entries = Entries();
        for (int i = 0; i < entries.Count; i++)
        {
            List<byte[]> changed = [.. entries];
            changed[i] = Replace(entries[i], "\"ok\":true", "\"ok\":false");
            if (changed[i].AsSpan().SequenceEqual(entries[i])) changed[i] = Replace(entries[i], "\"ok\":false", "\"ok\":true");
            Rewrite(changed);
            LedgerVerification verification = folder.Verify();
            Assert.False(verification.Ok, $"entry {i}");
            // The next entry's hash of this one shows it, and for the last entry the signed root.
            Assert.Equal(Math.Min(i + 1, 10), verification.Entries);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task Verify_EntryDeleted_Detected(int which)
    {
        await folder.FillAsync(10);
        List<byte[]> entries = Entries();
        entries.RemoveAt(which);
        Rewrite(entries);
        AssertRefusedEverywhere();
    }

    [Fact]
    public async Task Verify_EntriesReordered_Detected()
    {
        await folder.FillAsync(10);
        List<byte[]> entries = Entries();
        (entries[3], entries[4]) = (entries[4], entries[3]);
        Rewrite(entries);
        AssertRefusedEverywhere();
        Assert.Equal(3, folder.Verify().Problem!.Sequence);
    }

    [Fact]
    public async Task Verify_EntryRepeatedOrPutIn_Detected()
    {
        await folder.FillAsync(10);
        List<byte[]> entries = Entries();
        Rewrite([.. entries[..5], entries[4], .. entries[5..]]);
        AssertRefusedEverywhere();
        Rewrite([.. entries, entries[9]]);
        AssertRefusedEverywhere();
    }

    [Fact]
    public async Task Verify_CutBelowACheckpoint_Detected()
    {
        await folder.FillAsync(10);
        List<byte[]> entries = Entries();
        for (int left = 0; left < 10; left++)
        {
            Rewrite(entries[..left]);
            AssertRefusedEverywhere();
        }

        File.Delete(folder.Segment(0));
        AssertRefusedEverywhere();
    }

    [Fact]
    public async Task Verify_CutAfterTheLastCheckpoint_CannotBeSeen()
    {
        // Said in docs/ledger.md: only a witness could tell. Should this ever be detected, the document must change.
        await using Ledger ledger = folder.Open();
        await LedgerFolder.AppendAsync(ledger, 4);
        await ledger.CheckpointAsync(TestContext.Current.CancellationToken);
        await LedgerFolder.AppendAsync(ledger, 4);
        string copy = Path.Combine(folder.Root, "copy");
        Copy(folder.Path, copy);
        Rewrite(Entries()[..6], copy);
        LedgerVerification verification = LedgerVerifier.Verify(copy, folder.Key.PublicKey);
        Assert.True(verification.Ok);
        Assert.Equal((6, 4, 2), (verification.Entries, verification.SignedEntries, verification.UnsignedEntries));
    }

    [Fact]
    public async Task Verify_SegmentsSwappedRemovedOrRenamed_Detected()
    {
        await folder.FillAsync(60, segmentSize: 8 * 1024);
        IReadOnlyList<long> segments = LedgerFiles.Segments(folder.Path);
        Assert.True(segments.Count >= 3);
        Assert.True(folder.Verify().Ok, folder.Verify().ToString());
        (string first, string second, string last) = (folder.Segment(segments[0]), folder.Segment(segments[1]), folder.Segment(segments[^1]));

        Swap(first, second);
        AssertRefusedEverywhere();
        Swap(first, second);

        foreach (string path in (string[])[first, second, last])
        {
            File.Move(path, path + ".away");
            AssertRefusedEverywhere();
            File.Move(path + ".away", path);
        }

        File.Move(second, LedgerFiles.SegmentPath(folder.Path, segments[1] + 1));
        AssertRefusedEverywhere();
        File.Move(LedgerFiles.SegmentPath(folder.Path, segments[1] + 1), second);

        byte[] whole = await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(second, whole[..^3], TestContext.Current.CancellationToken);
        AssertRefusedEverywhere();
        await File.WriteAllBytesAsync(second, whole, TestContext.Current.CancellationToken);
        Assert.True(folder.Verify().Ok);
    }

    [Fact]
    public async Task Verify_AnotherComputersLedger_Detected()
    {
        await folder.FillAsync(3);
        using var other = new LedgerTestKey();
        LedgerVerification verification = LedgerVerifier.Verify(folder.Path, other.PublicKey);
        Assert.False(verification.Ok);
        File.Delete(folder.Checkpoints);
        Assert.Contains("another computer", LedgerVerifier.Verify(folder.Path, other.PublicKey).Problem!.Text, StringComparison.Ordinal);
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => Ledger.Open(folder.Path, other, folder.Clock)).Error);
    }

    [Fact]
    public async Task Verify_ForgedConsistentHistory_FailsAtTheSignedRoot()
    {
        // Somebody rewrites everything consistently, but cannot sign.
        await folder.FillAsync(5);
        using var forger = new LedgerFolder();
        string checkpoints = folder.Checkpoints;
        byte[] signed = await File.ReadAllBytesAsync(checkpoints, TestContext.Current.CancellationToken);
        Directory.Delete(folder.Path, recursive: true);
        await using (Ledger rewritten = folder.Open())
        {
            for (int i = 0; i < 5; i++) await rewritten.AppendAsync(LedgerFolder.Event(i + 100), TestContext.Current.CancellationToken);
        }

        await File.WriteAllBytesAsync(checkpoints, signed, TestContext.Current.CancellationToken);
        AssertRefusedEverywhere();
        Assert.Contains("not the ones that the computer signed", folder.Verify().Problem!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_CheckpointsRemovedRepeatedOrReordered_SeenOrCountedAsUnsigned()
    {
        await using (Ledger ledger = folder.Open())
        {
            for (int i = 0; i < 3; i++)
            {
                await LedgerFolder.AppendAsync(ledger, 2);
                await ledger.CheckpointAsync(TestContext.Current.CancellationToken);
            }
        }

        string[] lines = (await File.ReadAllTextAsync(folder.Checkpoints, TestContext.Current.CancellationToken)).Split('\n');
        string[] notes = [.. lines.Chunk(5).Take(3).Select(note => string.Join('\n', note) + "\n")];
        await File.WriteAllTextAsync(folder.Checkpoints, notes[0] + notes[0] + notes[1], TestContext.Current.CancellationToken);
        AssertRefusedEverywhere();
        await File.WriteAllTextAsync(folder.Checkpoints, notes[1] + notes[0], TestContext.Current.CancellationToken);
        AssertRefusedEverywhere();
        await File.WriteAllTextAsync(folder.Checkpoints, notes[1], TestContext.Current.CancellationToken);
        LedgerVerification verification = folder.Verify();
        Assert.True(verification.Ok);
        Assert.Equal((6, 4, 1), (verification.Entries, verification.SignedEntries, verification.Checkpoints));
    }

    [Fact]
    public async Task Verify_LaterVersion_SaysSo()
    {
        await folder.FillAsync(1);
        File.Delete(folder.Checkpoints);
        Rewrite([Replace(Entries()[0], "\"v\":1}", "\"v\":2}")]);
        Assert.Contains("later version", folder.Verify().Problem!.Text, StringComparison.Ordinal);
        Assert.Equal(StateError.NewerVersion, Assert.Throws<StateException>(() => folder.Open()).Error);
        Assert.Equal(StateError.NewerVersion, Assert.Throws<StateException>(() => LedgerReader.Read(folder.Path).Count()).Error);
    }

    private static void Copy(string from, string to)
    {
        LedgerFiles.CreateDirectory(to);
        foreach (string path in Directory.GetFiles(from)) File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
    }

    private static byte[] Replace(byte[] entry, string old, string with) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(entry).Replace(old, with, StringComparison.Ordinal));

    private static void Swap(string a, string b)
    {
        File.Move(a, a + ".swap");
        File.Move(b, a);
        File.Move(a + ".swap", b);
    }

    private List<byte[]> Entries() => [.. LedgerReader.Read(folder.Path).Select(entry => entry.Raw.ToArray())];

    private void Rewrite(List<byte[]> entries, string? directory = null)
    {
        using var output = new MemoryStream();
        foreach (byte[] entry in entries)
        {
            byte[] record = new byte[entry.Length + LedgerRecord.Overhead];
            LedgerRecord.Frame(entry, record);
            output.Write(record);
        }

        File.WriteAllBytes(LedgerFiles.SegmentPath(directory ?? folder.Path, 0), output.ToArray());
    }

    private void AssertRefusedEverywhere()
    {
        Assert.False(folder.Verify().Ok);
        Dictionary<string, byte[]> before = Directory.GetFiles(folder.Path, "*.seg").ToDictionary(path => path, File.ReadAllBytes);
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => folder.Open()).Error);
        // Never "repaired": what was there is there still, byte for byte.
        foreach ((string path, byte[] bytes) in before) Assert.Equal(bytes, File.ReadAllBytes(path));
    }
}
