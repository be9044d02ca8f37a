using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// A disk whose power can be cut. What is written reaches the files at once, as it reaches the page cache, so that the ledger reads its own writes;
/// beside each file it keeps what the file looked like after each change since its last flush. <see cref="LosePower"/> puts together what the platters may hold:
/// each sector of 512 bytes is any of those states, its neighbours whatever they are, the length is any of their lengths or between, and a file that was never flushed
/// may not be there at all. What was flushed is there.
/// </summary>
internal sealed class PowerLossDisk(string directory, Random random, int lossAt) : ILedgerDisk
{
    public const int Sector = 512;

    private readonly FileSystemDisk real = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<byte[]?>> histories = Directory.GetFiles(directory).ToDictionary(path => path, path => (List<byte[]?>)[Look(path)]);
    private readonly Dictionary<string, byte[]> deleted = [];
    private int changes;

    /// <summary>How often, out of 100 writes, the disk is full.</summary>
    public int FullPercent { get; init; }

    public bool IsOff { get; private set; }

    public void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset)
    {
        lock (gate)
        {
            bool loses = ++changes == lossAt;
            RequirePower(file);
            if (random.Next(100) < FullPercent)
            {
                Change(file, bytes[..random.Next(bytes.Length)], offset);
                throw new IOException("No space left on device", 28);
            }

            Change(file, bytes, offset);
            if (loses) CutPower();
        }
    }

    public void SetLength(FileStream file, long length)
    {
        lock (gate)
        {
            bool loses = ++changes == lossAt;
            RequirePower(file);
            real.SetLength(file, length);
            History(file).Add(Look(file.Name));
            if (loses) CutPower();
        }
    }

    public void Flush(FileStream file)
    {
        lock (gate)
        {
            // Half of the losses in a flush come before it has done anything, half after it has done everything.
            bool loses = ++changes == lossAt;
            RequirePower(file);
            if (loses && random.Next(2) == 0) CutPower();
            byte[]? now = History(file)[^1];
            histories[file.Name] = [now];
            if (loses) CutPower();
        }
    }

    public void Delete(string path)
    {
        lock (gate)
        {
            bool loses = ++changes == lossAt;
            if (IsOff) throw new IOException($"There is no power for {path}.");
            if (loses && random.Next(2) == 0) CutPower();
            // What is never known to be gone: nobody flushes a directory.
            if (histories[path] is { Count: 1 } flushed && flushed[0] is { } content) deleted[path] = content;
            real.Delete(path);
            histories.Remove(path);
            if (loses) CutPower();
        }
    }

    /// <summary>The files become what is left. Nobody may have them open for writing any more.</summary>
    public void LosePower()
    {
        IsOff = true;
        foreach ((string path, byte[] content) in deleted)
        {
            if (random.Next(2) == 0) PrivateFile.Create(path, content);
        }

        foreach (string path in Directory.GetFiles(directory).Where(path => Path.GetFileName(path) != LedgerFiles.Lock && !deleted.ContainsKey(path)))
        {
            List<byte[]?> history = histories.TryGetValue(path, out List<byte[]?>? known) ? known : [null, []];
            if (history.Count == 1) continue;
            if (history[0] is null && random.Next(3) == 0)
            {
                File.Delete(path);
                continue;
            }

            byte[] remains = Remains([.. history.Select(state => state ?? [])]);
            if (IsReserve(path)) remains = new byte[BitConverter.ToInt32([.. remains, .. new byte[sizeof(int)]])];
            SharedFile.WriteAllBytes(path, remains);
        }
    }

    /// <summary>Of the reserve only the length is kept, which is all that anybody reads of it.</summary>
    private static byte[] Look(string path) => IsReserve(path) ? BitConverter.GetBytes((int)new FileInfo(path).Length) : SharedFile.ReadAllBytes(path);

    private static bool IsReserve(string path) => Path.GetFileName(path) == LedgerFiles.Reserve;

    private byte[] Remains(byte[][] states)
    {
        // One in four losses keeps the order, as a disk without a queue does; the others keep nothing of it.
        if (random.Next(4) == 0) return states[random.Next(states.Length)];
        int least = states.Min(state => state.Length), most = states.Max(state => state.Length);
        int length = random.Next(3) switch
        {
            0 => states[random.Next(states.Length)].Length,
            1 => Math.Clamp(random.Next(least / Sector, most / Sector + 1) * Sector, least, most),
            _ => most,
        };
        byte[] left = new byte[length];
        bool mostlyNew = random.Next(2) == 0;
        for (int start = 0; start < length; start += Sector)
        {
            byte[] state = mostlyNew && random.Next(4) != 0 ? states[^1] : states[random.Next(states.Length)];
            if (start < state.Length) state.AsSpan(start, Math.Min(Math.Min(Sector, state.Length - start), length - start)).CopyTo(left.AsSpan(start));
        }

        return left;
    }

    private void Change(FileStream file, ReadOnlySpan<byte> bytes, long offset)
    {
        List<byte[]?> history = History(file);
        real.Write(file, bytes, offset);
        history.Add(Look(file.Name));
    }

    private List<byte[]?> History(FileStream file)
    {
        if (!histories.TryGetValue(file.Name, out List<byte[]?>? history)) histories[file.Name] = history = [null, []];
        return history;
    }

    private void RequirePower(FileStream file)
    {
        if (IsOff) throw new IOException($"There is no power for {file.Name}.");
    }

    private void CutPower()
    {
        IsOff = true;
        throw new IOException("The power was cut.");
    }
}
