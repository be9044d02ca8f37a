using System.Buffers;
using System.Text;
using System.Text.Json;

namespace RemoteAccess.Trust;

/// <summary>
/// Reads forward over bytes that must be canonical JSON (<see cref="CanonicalJson"/>) and says no at the first byte that is not:
/// one pass, no allocation for ASCII keys. Whatever it accepts has exactly one encoding.
/// </summary>
internal ref struct CanonicalJsonScanner(ReadOnlySpan<byte> bytes)
{
    private static readonly SearchValues<byte> StopsPlainText = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static value => (byte)value), (byte)'"', (byte)'\\', .. Enumerable.Range(0x80, 0x80).Select(static value => (byte)value)]);

    private readonly ReadOnlySpan<byte> bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == bytes.Length;

    /// <summary>True when <paramref name="json"/> is one canonical value and nothing else.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> json)
    {
        var scanner = new CanonicalJsonScanner(json);
        return scanner.TrySkipValue(1) && scanner.AtEnd;
    }

    public bool TryTake(ReadOnlySpan<byte> literal)
    {
        if (!bytes[Position..].StartsWith(literal)) return false;
        Position += literal.Length;
        return true;
    }

    /// <summary>Takes an object and gives its bytes.</summary>
    public bool TryReadObject(out ReadOnlySpan<byte> value)
    {
        int start = Position;
        bool read = Peek() == '{' && TrySkipObject(2);
        value = read ? bytes[start..Position] : default;
        return read;
    }

    /// <summary>Takes a string and gives what stands between the quotes, escapes as they are.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> value)
    {
        int start = Position + 1;
        bool read = TrySkipString();
        value = read ? bytes[start..(Position - 1)] : default;
        return read;
    }

    public bool TryReadInteger(out long value)
    {
        value = 0;
        bool negative = TryTake("-"u8);
        int start = Position;
        for (; Position < bytes.Length && bytes[Position] is >= (byte)'0' and <= (byte)'9'; Position++)
        {
            if (Position - start == 16) return false;
            value = value * 10 + (bytes[Position] - '0');
        }

        int digits = Position - start;
        if (digits == 0 || (bytes[start] == '0' && (digits > 1 || negative)) || value > CanonicalJson.MaxInteger) return false;
        if (negative) value = -value;
        return true;
    }

    private readonly int Peek() => Position < bytes.Length ? bytes[Position] : -1;

    private bool TrySkipValue(int depth) => Peek() switch
    {
        '{' => TrySkipObject(depth),
        '[' => TrySkipArray(depth),
        '"' => TrySkipString(),
        't' => TryTake("true"u8),
        'f' => TryTake("false"u8),
        _ => TryReadInteger(out _),
    };

    private bool TrySkipArray(int depth)
    {
        if (depth > CanonicalJson.MaxDepth) return false;
        Position++;
        if (TryTake("]"u8)) return true;
        do
        {
            if (!TrySkipValue(depth + 1)) return false;
        }
        while (TryTake(","u8));
        return TryTake("]"u8);
    }

    private bool TrySkipObject(int depth)
    {
        if (depth > CanonicalJson.MaxDepth) return false;
        Position++;
        if (TryTake("}"u8)) return true;
        ReadOnlySpan<byte> previous = default;
        bool first = true;
        do
        {
            if (!TryReadString(out ReadOnlySpan<byte> key) || !TryTake(":"u8)) return false;
            if (!first && CompareKeys(previous, key) >= 0) return false;
            if (!TrySkipValue(depth + 1)) return false;
            previous = key;
            first = false;
        }
        while (TryTake(","u8));
        return TryTake("}"u8);
    }

    private bool TrySkipString()
    {
        if (Peek() != '"') return false;
        Position++;
        while (true)
        {
            int stop = bytes[Position..].IndexOfAny(StopsPlainText);
            if (stop < 0) return false;
            Position += stop;
            switch (bytes[Position])
            {
                case (byte)'"':
                    Position++;
                    return true;
                case (byte)'\\':
                    if (!TrySkipEscape()) return false;
                    break;
                case >= 0x80:
                    if (Rune.DecodeFromUtf8(bytes[Position..], out _, out int consumed) != OperationStatus.Done) return false;
                    Position += consumed;
                    break;
                default:
                    return false;
            }
        }
    }

    private bool TrySkipEscape()
    {
        ReadOnlySpan<byte> rest = bytes[(Position + 1)..];
        if (rest.IsEmpty) return false;
        if ("\"\\btnfr"u8.Contains(rest[0]))
        {
            Position += 2;
            return true;
        }

        // Of \u00xx only the control characters without a short form remain.
        if (rest.Length < 5 || !rest.StartsWith("u00"u8) || rest[3] is not ((byte)'0' or (byte)'1')) return false;
        int low = "0123456789abcdef"u8.IndexOf(rest[4]);
        bool hasShortForm = rest[3] == '0' && low is 8 or 9 or 10 or 12 or 13;
        if (low < 0 || hasShortForm) return false;
        Position += 6;
        return true;
    }

    /// <summary>RFC 8785 §3.2.3 orders by UTF-16 code units; for plain ASCII that is the order of the bytes.</summary>
    private static int CompareKeys(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        IsPlainAscii(left) && IsPlainAscii(right)
            ? left.SequenceCompareTo(right)
            : string.CompareOrdinal(Unescape(left), Unescape(right));

    private static bool IsPlainAscii(ReadOnlySpan<byte> key) => key.IndexOfAny(StopsPlainText) < 0;

    private static string Unescape(ReadOnlySpan<byte> key)
    {
        var reader = new Utf8JsonReader([(byte)'"', .. key, (byte)'"']);
        reader.Read();
        return reader.GetString() ?? string.Empty;
    }
}
