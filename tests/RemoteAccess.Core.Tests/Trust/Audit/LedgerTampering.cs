using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Does one named thing to a ledger that is closed, with the disk but without the computer's key.</summary>
internal sealed class LedgerTampering(LedgerFolder folder, LedgerTestKey other)
{
    public void Do(string what)
    {
        IReadOnlyList<long> segments = LedgerFiles.Segments(folder.Path);
        string first = folder.Segment(0), last = folder.Segment(segments[^1]);
        List<byte[]> entries = Entries(first);
        switch (what)
        {
            case "nothing": break;
            case "flip a byte of an entry": Flip(first, 40); break;
            case "flip a byte of a checksum": Flip(first, 4 + entries[0].Length + 2); break;
            case "flip a byte of a length": Flip(first, 2); break;
            case "change a value and put the checksum right": Change(first, 2, "\"number\":2", "\"number\":3"); break;
            case "swap two entries": Write(first, [entries[0], entries[2], entries[1], .. entries[3..]]); break;
            case "drop an entry": Write(first, [.. entries[..3], .. entries[4..]]); break;
            case "repeat an entry": Write(first, [.. entries[..3], entries[2], .. entries[3..]]); break;
            case "append an entry again": Write(last, [.. Entries(last), Entries(last)[^1]]); break;
            case "cut below the last checkpoint": Write(last, Entries(last)[..^1]); break;
            case "drop a segment": File.Delete(folder.Segment(segments[1])); break;
            case "rename a segment": File.Move(folder.Segment(segments[1]), folder.Segment(segments[1] + 1)); break;
            case "a segment with a name of another kind": File.WriteAllText(Path.Combine(folder.Path, "extra.seg"), ""); break;
            case "cut a record in the middle segment": Cut(folder.Segment(segments[1]), 5); break;
            case "white space in an entry": Change(first, 2, "\"ok\":true", "\"ok\": true"); break;
            case "members in another order": Change(first, 2, "\"number\":2,\"ok\":true", "\"ok\":true,\"number\":2"); break;
            case "an escape that is not needed": Change(first, 2, "test.entry", "test\\u002eentry"); break;
            case "a fraction": Change(first, 2, "\"number\":2", "\"number\":2.0"); break;
            case "null": Change(first, 2, "\"ok\":true", "\"ok\":null"); break;
            case "a number beyond 2^53": Change(first, 2, "\"number\":2", "\"number\":9007199254740993"); break;
            case "nested too deep": Change(first, 2, "{}", $"{new string('[', 14)}{new string(']', 14)}"); break;
            case "nested as deep as allowed, last entry unsigned": Unsigned(last, "{}", $"{new string('[', 13)}{new string(']', 13)}"); break;
            case "astral and basic names in UTF-16 order, last entry unsigned": Unsigned(last, "{}", "{\"😀\":1,\"ﬀ\":2}"); break;
            case "astral and basic names in code point order, last entry unsigned": Unsigned(last, "{}", "{\"ﬀ\":2,\"😀\":1}"); break;
            case "bytes that are not UTF-8": Write(first, [.. entries[..2], [.. entries[2].Select(value => value == (byte)'2' ? (byte)0xFF : value)], .. entries[3..]]); break;
            case "a later version": Change(first, 2, "\"v\":1}", "\"v\":2}"); break;
            case "a day that does not exist": Change(first, 2, "2026-03-01T", "2026-02-29T"); break;
            case "an entry of another computer": Change(first, 2, Host(folder.Key), Host(other)); break;
            case "another computer's key": break;
            case "a forged checkpoint": File.WriteAllText(folder.Checkpoints, Notes()[0] + Notes()[1].Replace("\n70\n", "\n69\n", StringComparison.Ordinal)); break;
            case "a checkpoint signed by another key": Forge(); break;
            case "a checkpoint twice": File.AppendAllText(folder.Checkpoints, Notes()[1]); break;
            case "checkpoints in another order": File.WriteAllText(folder.Checkpoints, Notes()[1] + Notes()[0]); break;
            case "a byte of a signature": Flip(folder.Checkpoints, Encoding.UTF8.GetByteCount(Notes()[0]) - 20); break;
            case "no checkpoints": File.Delete(folder.Checkpoints); break;
            case "only the second checkpoint": File.WriteAllText(folder.Checkpoints, Notes()[1]); break;
            case "a torn record at the end, no checkpoints": File.Delete(folder.Checkpoints); Cut(last, 30); break;
            case "zeros at the end": Append(last, new byte[777]); break;
            case "a torn checkpoint": Cut(folder.Checkpoints, 30); break;
            case "no entries but checkpoints": foreach (long segment in segments) File.Delete(folder.Segment(segment)); break;
            case "a sector of an unsigned record missing": File.Delete(folder.Checkpoints); LoseSector(last, new FileInfo(last).Length - 600, andWhatFollows: false); break;
            case "the beginning of an unsigned record missing": File.Delete(folder.Checkpoints); LoseBeginning(last); break;
            case "a sector of a signed record missing": LoseSector(last, new FileInfo(last).Length - 600, andWhatFollows: false); break;
            case "a sector in front of the last checkpoint's end missing": LoseSector(folder.Checkpoints, Encoding.UTF8.GetByteCount(Notes()[0]) + 1, andWhatFollows: true); break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, "Nobody said how to do that.");
        }
    }

    private static List<byte[]> Entries(string path)
    {
        using FileStream file = LedgerFiles.OpenForReading(path);
        var cursor = new RecordCursor(file.SafeFileHandle, 0);
        List<byte[]> entries = [];
        while (cursor.Next(out ReadOnlySpan<byte> entry) == RecordStatus.Whole) entries.Add(entry.ToArray());
        return entries;
    }

    /// <summary>Writes the segment with right checksums.</summary>
    private static void Write(string path, List<byte[]> entries)
    {
        using var output = new MemoryStream();
        foreach (byte[] entry in entries)
        {
            byte[] record = new byte[entry.Length + LedgerRecord.Overhead];
            LedgerRecord.Frame(entry, record);
            output.Write(record);
        }

        File.WriteAllBytes(path, output.ToArray());
    }

    private static void Change(string path, int number, string old, string with)
    {
        List<byte[]> entries = Entries(path);
        string text = Encoding.UTF8.GetString(entries[number]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        entries[number] = Encoding.UTF8.GetBytes(text.Replace(old, with, StringComparison.Ordinal));
        Write(path, entries);
    }

    /// <summary>Changes the last entry, which nothing but the last checkpoint could tell, and takes that checkpoint away.</summary>
    private void Unsigned(string last, string old, string with)
    {
        Change(last, Entries(last).Count - 1, old, with);
        File.WriteAllText(folder.Checkpoints, Notes()[0]);
    }

    private void Forge()
    {
        using var mine = new CheckpointNote(folder.Key.PublicKey);
        string genuine = Notes()[0];
        Assert.True(mine.TryRead(Encoding.UTF8.GetBytes(genuine), out LedgerCheckpoint? checkpoint, out _));
        // The other key's signature over the same text, under this computer's key id.
        string encoded = genuine[(genuine.LastIndexOf(' ') + 1)..^1];
        byte[] keyId = Convert.FromBase64String(encoded)[..4];
        using var theirs = new CheckpointNote(folder.Key.PublicKey);
        string forged = theirs.Sign(checkpoint!.Size, checkpoint.Root.ToArray(), other).Note;
        byte[] signature = Convert.FromBase64String(forged[(forged.LastIndexOf(' ') + 1)..^1])[4..];
        File.WriteAllText(folder.Checkpoints, genuine.Replace(encoded, Convert.ToBase64String([.. keyId, .. signature]), StringComparison.Ordinal));
        Assert.Equal(64, checkpoint!.Size);
    }

    private static string Host(LedgerTestKey key)
    {
        using var note = new CheckpointNote(key.PublicKey);
        return note.HostId;
    }

    private string[] Notes() => [.. File.ReadAllText(folder.Checkpoints).Split('\n').SkipLast(1).Chunk(5).Select(note => string.Join('\n', note) + "\n")];

    private static void Flip(string path, int offset)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Zeros from an offset to the end of its sector.</summary>
    private static void LoseSector(string path, long offset, bool andWhatFollows)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int end = ((int)offset / PowerLossDisk.Sector + 1) * PowerLossDisk.Sector;
        // A whole sector, or, in the one that a note shares with the note before, what is the note's own.
        int start = andWhatFollows ? (int)offset - 1 : end - PowerLossDisk.Sector;
        bytes.AsSpan(start, Math.Min(end, bytes.Length) - start).Clear();
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>The part of the last record that stands in the sector in which it begins.</summary>
    private static void LoseBeginning(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = bytes.Length - Entries(path)[^1].Length - LedgerRecord.Overhead, end = (start / PowerLossDisk.Sector + 1) * PowerLossDisk.Sector;
        Assert.True(end - start >= 3 && end < bytes.Length);
        bytes.AsSpan(start, end - start).Clear();
        File.WriteAllBytes(path, bytes);
    }

    private static void Cut(string path, int bytes) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^bytes]);

    private static void Append(string path, byte[] bytes) => File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. bytes]);
}
