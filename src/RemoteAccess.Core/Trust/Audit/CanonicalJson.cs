using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>
/// RFC 8785 canonical JSON, for the values the ledger allows: objects, arrays, strings, booleans and integers up to 2^53 in size. Null,
/// fractions and anything larger are refused, so that no two programs can disagree about a number.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>Integers beyond ±2^53 are not exact in every JSON reader.</summary>
    public const long MaxInteger = 1L << 53;

    /// <summary>Objects and arrays within each other, the outermost counted.</summary>
    public const int MaxDepth = 16;

    /// <param name="node">What to encode.</param>
    /// <param name="depth">How deep it will stand: 1 by itself, 2 as a member of an object.</param>
    /// <exception cref="ArgumentException">It holds a value that has no canonical form here, or nests too deep.</exception>
    public static byte[] Encode(JsonNode node, int depth = 1)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output, node, depth);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject members:
                RefuseDeeperThanAllowed(depth);
                WriteObject(output, members, depth);
                break;
            case JsonArray items:
                RefuseDeeperThanAllowed(depth);
                output.Write("["u8);
                for (int i = 0; i < items.Count; i++)
                {
                    if (i > 0) output.Write(","u8);
                    Write(output, items[i], depth + 1);
                }

                output.Write("]"u8);
                break;
            case JsonValue value:
                WriteValue(output, value);
                break;
            default:
                throw new ArgumentException("Null has no place in a ledger entry; leave the member out.", nameof(node));
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonObject members, int depth)
    {
        KeyValuePair<string, JsonNode?>[] sorted = [.. members];
        // RFC 8785 §3.2.3: by UTF-16 code units, which is what an ordinal comparison of strings does.
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        output.Write("{"u8);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0) output.Write(","u8);
            WriteString(output, sorted[i].Key);
            output.Write(":"u8);
            Write(output, sorted[i].Value, depth + 1);
        }

        output.Write("}"u8);
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            case JsonValueKind.String when value.TryGetValue(out string? text):
                WriteString(output, text);
                break;
            case JsonValueKind.Number when long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                && number is >= -MaxInteger and <= MaxInteger:
                WriteInteger(output, number);
                break;
            default:
                throw new ArgumentException("A ledger entry holds strings, booleans, integers up to 2^53, objects and arrays only.", nameof(value));
        }
    }

    public static void WriteInteger(IBufferWriter<byte> output, long number)
    {
        Span<byte> target = output.GetSpan(20);
        if (!number.TryFormat(target, out int written, default, CultureInfo.InvariantCulture)) throw new InvalidOperationException("20 bytes hold every 64-bit integer.");
        output.Advance(written);
    }

    /// <summary>RFC 8785 §3.2.2.2: only what JSON demands is escaped, in its shortest form, hexadecimal in lower case.</summary>
    public static void WriteString(IBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        foreach (Rune rune in Runes(text))
        {
            switch (rune.Value)
            {
                case '"': output.Write("\\\""u8); break;
                case '\\': output.Write("\\\\"u8); break;
                case '\b': output.Write("\\b"u8); break;
                case '\t': output.Write("\\t"u8); break;
                case '\n': output.Write("\\n"u8); break;
                case '\f': output.Write("\\f"u8); break;
                case '\r': output.Write("\\r"u8); break;
                case < 0x20:
                    output.Write("\\u00"u8);
                    output.Write([(byte)('0' + (rune.Value >> 4)), "0123456789abcdef"u8[rune.Value & 15]]);
                    break;
                default:
                    output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
                    break;
            }
        }

        output.Write("\""u8);
    }

    private static IEnumerable<Rune> Runes(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune)) throw new ArgumentException("The text holds half a surrogate pair, which has no UTF-8 form.", nameof(text));
            yield return rune;
            i += rune.Utf16SequenceLength;
        }
    }

    private static void RefuseDeeperThanAllowed(int depth)
    {
        if (depth > MaxDepth) throw new ArgumentException($"A ledger entry may not nest deeper than {MaxDepth}.");
    }
}
