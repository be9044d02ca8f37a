using System.Buffers;
using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// An event, checked and put into its canonical parts when it is handed in, so that later changes of the caller's objects do nothing.
/// What the ledger adds is filled in when its place is known.
/// </summary>
internal sealed class LedgerEntryDraft
{
    /// <summary>The longest that everything but actor, data and type can become: names, hashes, ids, three 16-digit numbers, the time.</summary>
    private const int MaxAround = 460;

    private readonly byte[] actor;
    private readonly byte[] data;
    private readonly string type;
    private readonly string session;
    private readonly string grant;

    /// <exception cref="ArgumentException">The event has no canonical form, or would be longer than an entry may be.</exception>
    public LedgerEntryDraft(LedgerEvent source)
    {
        ArgumentNullException.ThrowIfNull(source);
        type = source.Type;
        if (type.Length > LedgerEntry.MaxTypeLength || !LedgerEntryFields.IsType(Encoding.UTF8.GetBytes(type)))
        {
            throw new ArgumentException($"An event type is 1 to {LedgerEntry.MaxTypeLength} of a-z, 0-9, dot, dash and underscore; it was \"{type}\".", nameof(source));
        }

        session = Id(source.SessionId, nameof(source));
        grant = Id(source.GrantId, nameof(source));
        actor = CanonicalJson.Encode(source.Actor, depth: 2);
        data = CanonicalJson.Encode(source.Data, depth: 2);
        if (actor.Length == 2) throw new ArgumentException("An event names who acted.", nameof(source));
        int longest = actor.Length + data.Length + type.Length + MaxAround;
        if (longest > LedgerRecord.MaxEntry)
        {
            throw new ArgumentException($"The event needs up to {longest} bytes and an entry holds {LedgerRecord.MaxEntry}; record a hash or a shorter text.", nameof(source));
        }
    }

    /// <summary>Writes the whole entry.</summary>
    public void Write(ArrayBufferWriter<byte> output, in LedgerEntryPlace place)
    {
        output.Write("{\"actor\":"u8);
        output.Write(actor);
        Text(output, ",\"boot\":\"", place.Boot);
        output.Write("\",\"data\":"u8);
        output.Write(data);
        Text(output, ",\"grant\":\"", grant);
        Text(output, "\",\"host\":\"", place.Host);
        output.Write("\",\"mono\":"u8);
        CanonicalJson.WriteInteger(output, place.Monotonic);
        Text(output, ",\"prev\":\"", Convert.ToHexStringLower(place.Previous));
        output.Write("\",\"seq\":"u8);
        CanonicalJson.WriteInteger(output, place.Sequence);
        Text(output, ",\"sid\":\"", session);
        Text(output, "\",\"t\":\"", place.Time.UtcDateTime.ToString(LedgerEntry.TimeFormat, CultureInfo.InvariantCulture));
        Text(output, "\",\"type\":\"", type);
        output.Write("\",\"v\":1}"u8);
    }

    private static void Text(ArrayBufferWriter<byte> output, string name, string value)
    {
        Encoding.ASCII.GetBytes(name, output);
        Encoding.ASCII.GetBytes(value, output);
    }

    private static string Id(ReadOnlyMemory<byte> id, string parameter) => id.Length is 0 or 16
        ? Convert.ToHexStringLower(id.Span)
        : throw new ArgumentException($"A session or grant id has 16 bytes, not {id.Length}.", parameter);
}

/// <summary>What the ledger adds to an event: its place in the order, in time and in the chain.</summary>
internal readonly ref struct LedgerEntryPlace
{
    public required long Sequence { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required long Monotonic { get; init; }
    public required string Boot { get; init; }
    public required string Host { get; init; }
    public required ReadOnlySpan<byte> Previous { get; init; }
}
