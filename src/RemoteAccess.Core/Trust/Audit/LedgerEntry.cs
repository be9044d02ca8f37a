using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>One entry of the ledger as it stands on the disk (docs/ledger.md §1). Immutable, thread-safe.</summary>
public sealed class LedgerEntry
{
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    internal const int MaxTypeLength = 64;

    private Range actor;
    private Range data;

    private LedgerEntry(byte[] raw) => Raw = raw;

    /// <summary>Position in the ledger, from 0: the index of its leaf in the Merkle tree.</summary>
    public long Sequence { get; private set; }
    /// <summary>When it was written, by the computer's clock, to the millisecond.</summary>
    public DateTimeOffset Time { get; private set; }
    /// <summary>The same moment on the clock that nobody can set; comparable between entries of one <see cref="BootId"/>.</summary>
    public TimeSpan Monotonic { get; private set; }
    /// <summary>32 hexadecimal digits that change when the computer restarts.</summary>
    public string BootId { get; private set; } = string.Empty;
    /// <summary>What happened: <c>session.accepted</c>, <c>grant.created</c>.</summary>
    public string Type { get; private set; } = string.Empty;
    /// <summary>16 bytes, or empty outside a session.</summary>
    public ReadOnlyMemory<byte> SessionId { get; private set; }
    /// <summary>16 bytes, or empty when no grant is concerned.</summary>
    public ReadOnlyMemory<byte> GrantId { get; private set; }
    /// <summary>The computer, 32 bytes: SHA-256("RAS1 host" ‖ 00 ‖ its public key).</summary>
    public ReadOnlyMemory<byte> HostId { get; private set; }
    /// <summary>Leaf hash of the entry before, 32 bytes; zeros for the first.</summary>
    public ReadOnlyMemory<byte> Previous { get; private set; }
    /// <summary>The canonical JSON itself, UTF-8.</summary>
    public ReadOnlyMemory<byte> Raw { get; }
    /// <summary>SHA-256(00 ‖ <see cref="Raw"/>), 32 bytes.</summary>
    public ReadOnlyMemory<byte> LeafHash { get; private set; }

    /// <summary>Who acted; a new object at each call.</summary>
    public JsonObject Actor() => Parse(actor);

    /// <summary>The facts; a new object at each call.</summary>
    public JsonObject Data() => Parse(data);

    /// <summary>The actor as canonical JSON.</summary>
    internal ReadOnlySpan<byte> ActorJson => Raw.Span[actor];

    /// <summary>The facts as canonical JSON.</summary>
    internal ReadOnlySpan<byte> DataJson => Raw.Span[data];

    /// <summary>Reads one entry; false when the bytes are not canonical or not an entry of this version.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out LedgerEntry? entry)
    {
        entry = null;
        if (!LedgerEntryFields.TryRead(bytes, out LedgerEntryFields fields)) return false;
        byte[] leaf = new byte[MerkleFrontier.HashSize];
        MerkleFrontier.HashLeaf(bytes, leaf);
        entry = new LedgerEntry(bytes.ToArray())
        {
            Sequence = fields.Sequence,
            Time = fields.Time,
            Monotonic = TimeSpan.FromMilliseconds(fields.Monotonic),
            BootId = Encoding.ASCII.GetString(fields.Boot),
            Type = Encoding.ASCII.GetString(fields.Type),
            SessionId = Convert.FromHexString(fields.Session),
            GrantId = Convert.FromHexString(fields.Grant),
            HostId = Convert.FromHexString(fields.Host),
            Previous = Convert.FromHexString(fields.Previous),
            LeafHash = leaf,
            actor = fields.Actor,
            data = fields.Data,
        };
        return true;
    }

    /// <summary>Sequence, time and type, for logs and test output.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence} {Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {Type}");

    private JsonObject Parse(Range part) => JsonNode.Parse(Raw.Span[part])?.AsObject() ?? [];
}
