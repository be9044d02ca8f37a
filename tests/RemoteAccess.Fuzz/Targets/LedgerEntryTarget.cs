using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>One entry's canonical JSON. Whatever is accepted must come back byte for byte from the BCL's parser and the encoder.</summary>
internal sealed class LedgerEntryTarget : FuzzTarget
{
    public override string Name => "ledger-entry";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        LedgerSamples.Entry(0),
        LedgerSamples.Entry(12345),
        LedgerSamples.Text("{\"a\":[true,false,0,-1,\"\\b\\t\\n\\f\\r\\u0000\\u001f\\\"\\\\/\"],\"é\":{},\"😀\":[],\"\ufb33\":9007199254740992}"),
    ];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        bool canonical = CanonicalJsonScanner.IsCanonical(input);
        if (canonical != EncodesBack(input)) throw new InvalidDataException($"Canonical: {canonical}, but the encoder says otherwise.");
        if (!LedgerEntry.TryRead(input, out LedgerEntry? entry)) return;
        if (!canonical) throw new InvalidDataException("An entry was read that is not canonical.");
        if (!entry!.Raw.Span.SequenceEqual(input)) throw new InvalidDataException("The entry's bytes are not the ones read.");
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        // A character that means something in JSON, at a place where one stood before.
        ReadOnlySpan<byte> structural = " {}[]\",:0123456789-.eau\\ntf"u8;
        int start = random.Next(input.Length);
        int at = input.AsSpan(start).IndexOfAny(structural);
        if (at < 0) return false;
        input = [.. input];
        input[start + at] = structural[random.Next(structural.Length)];
        return true;
    }

    private static bool EncodesBack(ReadOnlySpan<byte> input)
    {
        try
        {
            return JsonNode.Parse(input) is { } node && CanonicalJson.Encode(node).AsSpan().SequenceEqual(input);
        }
        catch (Exception refusal) when (refusal is JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
