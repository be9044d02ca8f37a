using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// Seeded losses of power at every kind of moment: while the ledger is opened, while a batch, a checkpoint, a new segment or the reserve is written, on a full disk,
/// and while it recovers from the loss before. Whatever is left must open, hold every acknowledged entry and checkpoint, and nothing that nobody wrote.
/// LEDGER_POWER_LOSSES sets how many scenarios there are (default 2000; 20 under Wine), LEDGER_POWER_LOSS_SEED where they begin (default 1).
/// </summary>
public sealed class LedgerPowerLossTests
{
    private static int Scenarios { get; } = Number("LEDGER_POWER_LOSSES", Wine.Or(2000, 20));

    private static int FirstSeed { get; } = Number("LEDGER_POWER_LOSS_SEED", 1);

    [Fact]
    public async Task Open_AfterPowerLoss_HasWhatWasAcknowledgedAndNothingElse() => await Parallel.ForEachAsync(
        Enumerable.Range(FirstSeed, Scenarios),
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
        static async (seed, _) =>
        {
            try
            {
                using var scenario = new Scenario(seed);
                await scenario.RunAsync();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"LEDGER_POWER_LOSS_SEED={seed} LEDGER_POWER_LOSSES=1: {failure.Message}", failure);
            }
        });

    /// <summary>That the disk does lose: a disk that kept everything, or kept the order, would prove nothing above.</summary>
    [Fact]
    public async Task Remains_OfUnflushedWrites_AreDroppedReorderedAndCutAndFlushedOnesStay()
    {
        byte[] flushed = [.. Enumerable.Repeat((byte)1, 700)], unflushed = [.. Enumerable.Repeat((byte)2, 40 * PowerLossDisk.Sector)];
        int dropped = 0, reordered = 0, cut = 0;
        for (int seed = 1; seed <= 60; seed++)
        {
            byte[] left = await RemainsAsync(seed, flushed, unflushed);
            Assert.Equal(flushed, left[..700]);
            Assert.All(left[700..], value => Assert.True(value is 0 or 2));
            int hole = Array.IndexOf(left, (byte)0, 700);
            if (!left.AsSpan(700).SequenceEqual(unflushed)) dropped++;
            if (hole >= 0 && left.AsSpan(hole).Contains((byte)2)) reordered++;
            if (left.Length < 700 + unflushed.Length) cut++;
        }
        Assert.InRange(dropped, 30, 60);
        Assert.InRange(reordered, 15, 60);
        Assert.InRange(cut, 5, 60);
    }

    private static async Task<byte[]> RemainsAsync(int seed, byte[] flushed, byte[] unflushed)
    {
        string directory = Directory.CreateTempSubdirectory("power-loss-").FullName, path = Path.Combine(directory, "file");
        var disk = new PowerLossDisk(directory, new Random(seed), lossAt: 0);
        await using (FileStream file = LedgerFiles.OpenForWriting(path))
        {
            disk.Write(file, flushed, 0);
            disk.Flush(file);
            disk.Write(file, unflushed, 700);
        }

        disk.LosePower();
        byte[] left = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Directory.Delete(directory, recursive: true);
        return left;
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>One ledger through several losses of power.</summary>
    private sealed class Scenario(int seed) : IDisposable
    {
        private readonly Random random = new(seed);
        private readonly Dictionary<long, int> acknowledged = [];
        private readonly LedgerFolder folder = new();
        private int issued;
        private long signed;

        public async Task RunAsync()
        {
            LedgerFiles.CreateDirectory(folder.Path);
            int losses = random.Next(1, 4);
            for (int i = 0; i < losses; i++)
            {
                await LiveUntilPowerIsLostAsync();
                Check(await ReopenAsync());
            }

            LedgerVerification verification = folder.Verify();
            Assert.True(verification.Ok, verification.ToString());
            Assert.Equal((0L, 0), (verification.UnsignedEntries, verification.TornBytes));
        }

        public void Dispose() => folder.Dispose();

        private async Task LiveUntilPowerIsLostAsync()
        {
            var disk = new PowerLossDisk(folder.Path, random, lossAt: random.Next(1, 45)) { FullPercent = random.Next(4) == 0 ? 15 : 0 };
            long segmentSize = random.Next(2) == 0 ? 4096 : 64 * 1024;
            try
            {
                await using Ledger ledger = folder.Open(segmentSize, disk);
                while (!disk.IsOff && issued < 2000) await AppendSomeAsync(ledger);
            }
            catch (StateException failure) when (disk.IsOff || failure.Error == StateError.DiskFull)
            {
                Assert.NotEqual(StateError.Corrupted, failure.Error);
            }

            disk.LosePower();
        }

        private async Task AppendSomeAsync(Ledger ledger)
        {
            (int Number, Task<long> Done)[] appends = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Append(ledger, issued++))];
            foreach ((int number, Task<long> done) in appends)
            {
                if (await IsAcknowledgedAsync(done)) Assert.True(acknowledged.TryAdd(await done, number));
            }

            if (random.Next(4) != 0) return;
            Task<LedgerCheckpoint> checkpoint = ledger.CheckpointAsync(CancellationToken.None).AsTask();
            if (await IsAcknowledgedAsync(checkpoint)) signed = (await checkpoint).Size;
        }

        private (int Number, Task<long> Done) Append(Ledger ledger, int number)
        {
            LedgerEvent entry = LedgerFolder.Event(number) with { Data = new JsonObject { ["number"] = number, ["filling"] = new string('x', random.Next(3) == 0 ? random.Next(3000) : 10) } };
            return (number, number % 3 == 0 ? ledger.AppendLastAsync(entry, CancellationToken.None).AsTask() : ledger.AppendAsync(entry, CancellationToken.None).AsTask());
        }

        private static async Task<bool> IsAcknowledgedAsync(Task done)
        {
            await done.ContinueWith(static _ => { }, TaskScheduler.Default);
            return done.IsCompletedSuccessfully ? true : done.Exception?.InnerException is StateException ? false : throw done.Exception!;
        }

        private async Task<List<LedgerEntry>> ReopenAsync()
        {
            // Before anything is repaired, whoever only reads sees the same.
            LedgerVerification before = folder.Verify();
            Assert.True(before.Ok, before.ToString());
            List<LedgerEntry> read = [.. LedgerReader.Read(folder.Path)];
            Assert.Equal(before.Entries, read.Count);
            Assert.Equal(read.Select(entry => entry.Sequence), LedgerReader.Read(folder.Path, new LedgerQuery { NewestFirst = true }).Select(entry => entry.Sequence).Reverse());
            if (random.Next(8) == 0) RequireDamageToBeSeen();
            await using Ledger ledger = folder.Open(disk: new PowerLossDisk(folder.Path, random, lossAt: 0));
            Assert.Equal(read.Count, await ledger.AppendAsync(LedgerFolder.Event(issued++), CancellationToken.None));
            acknowledged.Add(read.Count, issued - 1);
            signed = (await ledger.CheckpointAsync(CancellationToken.None)).Size;
            return [.. ledger.Read()];
        }

        private void Check(List<LedgerEntry> entries)
        {
            foreach ((long sequence, int number) in acknowledged) Assert.Equal(number, Number(entries[(int)sequence]));
            Assert.True(entries.Count >= signed);
            int[] numbers = [.. entries.Select(Number)];
            Assert.Equal(numbers.Length, numbers.Distinct().Count());
            Assert.All(numbers, number => Assert.InRange(number, 0, issued - 1));
        }

        /// <summary>One bit of an acknowledged entry, beside whatever the loss of power left: that is damage, and not a torn tail.</summary>
        private void RequireDamageToBeSeen()
        {
            if (acknowledged.Count == 0) return;
            long target = acknowledged.Keys.ElementAt(random.Next(acknowledged.Count)), first = LedgerFiles.Segments(folder.Path).Last(begin => begin <= target);
            string path = folder.Segment(first);
            byte[] good = File.ReadAllBytes(path);
            int start = 0;
            for (long sequence = first; sequence < target; sequence++) start += System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(good.AsSpan(start)) + LedgerRecord.Overhead;
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(good.AsSpan(start)) + LedgerRecord.Overhead;
            byte[] bad = [.. good];
            int at = start + random.Next(length);
            bad[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bad);
            Assert.False(folder.Verify().Ok, $"A changed byte {at} in entry {target} was not seen.");
            File.WriteAllBytes(path, good);
        }

        private static int Number(LedgerEntry entry) => entry.Data()["number"]!.GetValue<int>();
    }
}
