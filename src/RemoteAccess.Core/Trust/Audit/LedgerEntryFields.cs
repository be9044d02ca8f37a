using System.Buffers;

namespace RemoteAccess.Trust;

/// <summary>
/// The members of one entry, as slices of its bytes. Because canonical JSON sorts its members and the set is fixed, the outermost
/// object is a fixed sequence of literals and values.
/// </summary>
internal ref struct LedgerEntryFields
{
    public const int Version = 1;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    public Range Actor;
    public Range Data;
    public ReadOnlySpan<byte> Boot;
    public ReadOnlySpan<byte> Grant;
    public ReadOnlySpan<byte> Host;
    public long Monotonic;
    public ReadOnlySpan<byte> Previous;
    public long Sequence;
    public ReadOnlySpan<byte> Session;
    public DateTimeOffset Time;
    public ReadOnlySpan<byte> Type;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out LedgerEntryFields fields)
    {
        fields = default;
        var scanner = new CanonicalJsonScanner(bytes);
        return bytes.Length <= LedgerRecord.MaxEntry
            && TryReadObject(ref scanner, "{\"actor\":"u8, out fields.Actor)
            && TryReadHex(ref scanner, ",\"boot\":"u8, 32, mayBeEmpty: false, out fields.Boot)
            && TryReadObject(ref scanner, ",\"data\":"u8, out fields.Data)
            && TryReadHex(ref scanner, ",\"grant\":"u8, 32, mayBeEmpty: true, out fields.Grant)
            && TryReadHex(ref scanner, ",\"host\":"u8, 64, mayBeEmpty: false, out fields.Host)
            && TryReadCount(ref scanner, ",\"mono\":"u8, out fields.Monotonic)
            && TryReadHex(ref scanner, ",\"prev\":"u8, 64, mayBeEmpty: false, out fields.Previous)
            && TryReadCount(ref scanner, ",\"seq\":"u8, out fields.Sequence)
            && TryReadHex(ref scanner, ",\"sid\":"u8, 32, mayBeEmpty: true, out fields.Session)
            && TryReadTime(ref scanner, ",\"t\":"u8, out fields.Time)
            && scanner.TryTake(",\"type\":"u8) && scanner.TryReadString(out fields.Type) && IsType(fields.Type)
            && scanner.TryTake(",\"v\":1}"u8)
            && scanner.AtEnd;
    }

    /// <summary>True when the entry says that a later version of this software wrote it.</summary>
    public static bool IsNewer(ReadOnlySpan<byte> bytes)
    {
        int at = bytes.LastIndexOf(",\"v\":"u8);
        if (at < 0 || bytes[^1] != '}') return false;
        var scanner = new CanonicalJsonScanner(bytes[(at + 5)..]);
        return scanner.TryReadInteger(out long version) && version > Version && scanner.TryTake("}"u8) && scanner.AtEnd;
    }

    /// <summary>1 to 64 of lower-case letters, digits, dot, dash and underscore.</summary>
    public static bool IsType(ReadOnlySpan<byte> type)
    {
        if (type.Length is 0 or > LedgerEntry.MaxTypeLength) return false;
        foreach (byte value in type)
        {
            if (value is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'-' or (byte)'_')) return false;
        }

        return true;
    }

    private static bool TryReadObject(scoped ref CanonicalJsonScanner scanner, ReadOnlySpan<byte> name, out Range value)
    {
        value = default;
        if (!scanner.TryTake(name)) return false;
        int start = scanner.Position;
        if (!scanner.TryReadObject(out _)) return false;
        value = start..scanner.Position;
        return true;
    }

    private static bool TryReadHex(scoped ref CanonicalJsonScanner scanner, ReadOnlySpan<byte> name, int digits, bool mayBeEmpty, out ReadOnlySpan<byte> value)
    {
        value = default;
        return scanner.TryTake(name)
            && scanner.TryReadString(out value)
            && (value.Length == digits || (mayBeEmpty && value.IsEmpty))
            && value.IndexOfAnyExcept(HexDigits) < 0;
    }

    private static bool TryReadCount(scoped ref CanonicalJsonScanner scanner, ReadOnlySpan<byte> name, out long value)
    {
        value = 0;
        return scanner.TryTake(name) && scanner.TryReadInteger(out value) && value >= 0;
    }

    private static bool TryReadTime(scoped ref CanonicalJsonScanner scanner, ReadOnlySpan<byte> name, out DateTimeOffset value)
    {
        value = default;
        if (!scanner.TryTake(name) || !scanner.TryReadString(out ReadOnlySpan<byte> text) || text.Length != 24) return false;
        bool hasItsMarks = text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == '.' && text[23] == 'Z';
        if (!hasItsMarks
            || !TryReadDigits(text[..4], 1, 9999, out int year) || !TryReadDigits(text[5..7], 1, 12, out int month)
            || !TryReadDigits(text[8..10], 1, DateTime.DaysInMonth(year, month), out int day)
            || !TryReadDigits(text[11..13], 0, 23, out int hour) || !TryReadDigits(text[14..16], 0, 59, out int minute)
            || !TryReadDigits(text[17..19], 0, 59, out int second) || !TryReadDigits(text[20..23], 0, 999, out int millisecond)) return false;
        value = new DateTimeOffset(year, month, day, hour, minute, second, millisecond, TimeSpan.Zero);
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, int least, int most, out int value)
    {
        value = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (digit - '0');
        }

        return value >= least && value <= most;
    }
}
