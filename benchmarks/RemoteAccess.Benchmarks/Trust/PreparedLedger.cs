using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>A ledger of any size, written without a flush: sessions of six entries, evenly over March 2026, a checkpoint each 64 entries.</summary>
internal sealed class PreparedLedger : IDisposable
{
    private const int EntriesPerSession = 6;

    private readonly EcdsaSigningKey key = EcdsaSigningKey.Create();
    private readonly DateTimeOffset start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public PreparedLedger(int sessions)
    {
        Entries = sessions * EntriesPerSession;
        State = Directory.CreateTempSubdirectory("remoteaccess-bench-").FullName;
        Folder = StateDirectory.Open(State).Ledger;
        LedgerFiles.CreateDirectory(Folder);
        Write();
    }

    /// <summary>A computer's state directory that holds the ledger and nothing else.</summary>
    public string State { get; }

    public string Folder { get; }

    public long Entries { get; }

    public long Size => new DirectoryInfo(Folder).EnumerateFiles("*.seg").Sum(file => file.Length);

    public LedgerVerification Verify() => LedgerVerifier.Verify(Folder, key.PublicKey);

    /// <summary>For the stand-alone verifier.</summary>
    public string PublicKeyPem()
    {
        byte[] spki = [.. Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200"), .. key.PublicKey];
        return $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(spki)}\n-----END PUBLIC KEY-----\n";
    }

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(State, recursive: true);
    }

    private void Write()
    {
        using var notes = new CheckpointNote(key.PublicKey);
        using var checkpoints = new StreamWriter(Path.Combine(Folder, LedgerFiles.Checkpoints), append: false, new UTF8Encoding(false));
        var frontier = new MerkleFrontier();
        byte[] leaf = new byte[MerkleFrontier.HashSize];
        var entry = new ArrayBufferWriter<byte>(1024);
        byte[] record = new byte[LedgerRecord.MaxEntry + LedgerRecord.Overhead];
        FileStream? segment = null;
        for (long i = 0; i < Entries; i++)
        {
            entry.ResetWrittenCount();
            DateTimeOffset time = start.AddMilliseconds(i * (31.0 * 86_400_000 / Entries));
            new LedgerEntryDraft(Event((int)(i / EntriesPerSession), (int)(i % EntriesPerSession), time)).Write(entry, new LedgerEntryPlace
            {
                Sequence = i,
                Time = time,
                Monotonic = (long)(time - start).TotalMilliseconds,
                Boot = new string('1', 32),
                Host = notes.HostId,
                Previous = leaf,
            });
            MerkleFrontier.HashLeaf(entry.WrittenSpan, leaf);
            frontier.Append(leaf);
            LedgerRecord.Frame(entry.WrittenSpan, record);
            if (segment is null || segment.Position >= LedgerStore.DefaultSegmentSize)
            {
                segment?.Dispose();
                segment = new FileStream(LedgerFiles.SegmentPath(Folder, i), FileMode.CreateNew);
            }

            segment.Write(record, 0, entry.WrittenCount + LedgerRecord.Overhead);
            if ((i + 1) % Ledger.EntriesPerCheckpoint == 0 || i + 1 == Entries) checkpoints.Write(notes.Sign(i + 1, frontier.Root(), key).Note);
        }

        segment?.Dispose();
    }

    private static LedgerEvent Event(int session, int step, DateTimeOffset time)
    {
        byte[] id = new byte[16];
        BitConverter.TryWriteBytes(id, session);
        var technician = new JsonObject
        {
            ["kind"] = "technician",
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"Technician {session % 7}"),
            ["key"] = new string((char)('a' + session % 6), 130),
            ["tenant"] = new string('b', 64),
            ["certificate"] = new string('c', 32),
        };
        (string type, JsonObject data) = step switch
        {
            0 => ("session.accepted", new JsonObject
            {
                ["peer"] = "tcp 192.0.2.7:4711", ["operations"] = new JsonArray("ViewScreen", "ControlInput"), ["reason"] = "Ticket 4711", ["suite"] = 1,
                ["expires"] = time.AddHours(8).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["resumed"] = false, ["failedAttempts"] = 0,
            }),
            EntriesPerSession - 1 => ("session.ended", new JsonObject { ["reason"] = "SessionEnded", ["text"] = "finished by the technician", ["seconds"] = 60, ["used"] = new JsonArray("ViewScreen", "ControlInput") }),
            _ => ("operation.used", new JsonObject { ["operations"] = new JsonArray(step % 2 == 0 ? "ViewScreen" : "ControlInput") }),
        };
        return new LedgerEvent { Type = type, SessionId = id, GrantId = new byte[16], Actor = type == "session.ended" ? new JsonObject { ["kind"] = "agent" } : technician, Data = data };
    }
}
