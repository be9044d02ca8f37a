using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class CanonicalJsonTests
{
    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Encode(JsonNode.Parse(json)!));

    [Fact]
    public void Encode_Rfc8785SortingExample_SortsByUtf16()
    {
        // RFC 8785 §3.2.3; the expected order of the values is the RFC's.
        string sorted = Canonical("""{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""");
        Assert.Equal("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}", sorted);
        Assert.True(CanonicalJsonScanner.IsCanonical(Encoding.UTF8.GetBytes(sorted)));
    }

    [Fact]
    public void Encode_Rfc8785StringExample_EscapesTheLeast()
    {
        // RFC 8785 §3.2.2's "string" member.
        Assert.Equal("{\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}", Canonical("""{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}"""));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"a":null}""")]
    [InlineData("[1.5]")]
    [InlineData("[1.0]")]
    [InlineData("[1e3]")]
    [InlineData("[9007199254740993]")]
    [InlineData("[-9007199254740993]")]
    [InlineData("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]")]
    public void Encode_ValueWithoutCanonicalForm_Refused(string json) =>
        Assert.Throws<ArgumentException>(() => CanonicalJson.Encode(new JsonObject { ["value"] = JsonNode.Parse(json) }));

    [Fact]
    public void Encode_NumbersAndTextOfTheBcl_RefusedUnlessIntegerOrString()
    {
        Assert.Throws<ArgumentException>(() => CanonicalJson.Encode(new JsonArray(0.5)));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Encode(new JsonArray(double.MaxValue)));
        Assert.Throws<ArgumentException>(() => CanonicalJson.Encode(new JsonArray("half \ud83d of a pair")));
        Assert.Equal("[1,2,3,4,-5]", Encoding.UTF8.GetString(CanonicalJson.Encode(new JsonArray((byte)1, (ushort)2, 3u, 4L, -5))));
        Assert.Equal("[9007199254740992,-9007199254740992]", Canonical("[9007199254740992,-9007199254740992]"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[true,false,0,-1,\"\"]")]
    [InlineData("\"\\b\\t\\n\\f\\r\\u0000\\u000b\\u001f\\\"\\\\/\u007f\u2028\"")]
    public void IsCanonical_Canonical_Accepted(string json) => Assert.True(CanonicalJsonScanner.IsCanonical(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData(" {}")]
    [InlineData("{} ")]
    [InlineData("{\"a\": 1}")]
    [InlineData("{\"b\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("[01]")]
    [InlineData("[-0]")]
    [InlineData("[+1]")]
    [InlineData("[1.0]")]
    [InlineData("[9007199254740993]")]
    [InlineData("[null]")]
    [InlineData("\"\\u0041\"")]
    [InlineData("\"\\u000A\"")]
    [InlineData("\"\\u000a\"")]
    [InlineData("\"\\u0008\"")]
    [InlineData("\"\\u001F\"")]
    [InlineData("\"\\/\"")]
    [InlineData("\"\n\"")]
    [InlineData("\"a")]
    [InlineData("\"\\")]
    [InlineData("{\"\ufb33\":1,\"😀\":2}")]
    public void IsCanonical_Anything_Else_Refused(string json) => Assert.False(CanonicalJsonScanner.IsCanonical(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void IsCanonical_InvalidUtf8_Refused()
    {
        Assert.False(CanonicalJsonScanner.IsCanonical([(byte)'"', 0xff, (byte)'"']));
        Assert.False(CanonicalJsonScanner.IsCanonical([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"']));
        Assert.False(CanonicalJsonScanner.IsCanonical([(byte)'"', 0xc0, 0x80, (byte)'"']));
    }

    [Fact]
    public void Encode_ArbitraryTree_IsCanonicalAndMeansTheSame()
    {
        Prop.ForAll(CanonicalJsonTrees.Arbitrary, tree =>
        {
            byte[] encoded = CanonicalJson.Encode(tree);
            return CanonicalJsonScanner.IsCanonical(encoded) && JsonNode.DeepEquals(tree, JsonNode.Parse(encoded));
        }).Check(CanonicalJsonTrees.Seeded(500));
    }

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void IsCanonical_ChangedBytes_AcceptedExactlyWhenEncodingGivesThemBack()
    {
        // The oracle is the BCL's parser and our encoder: two encodings of one value can never both be accepted.
        var changes = ArbMap.Default.GeneratorFor<int>().Two().ListOf(2);
        Prop.ForAll(CanonicalJsonTrees.Arbitrary, changes.ToArbitrary(), (tree, edits) =>
        {
            byte[] bytes = CanonicalJson.Encode(tree);
            ReadOnlySpan<byte> structural = " {}[]\",:0123-.eau\\\ntf"u8;
            foreach ((int where, int what) in edits) bytes[(uint)where % bytes.Length] = structural[(int)((uint)what % structural.Length)];
            return CanonicalJsonScanner.IsCanonical(bytes) == EncodesBack(bytes);
        }).Check(CanonicalJsonTrees.Seeded(2000));
    }

    private static bool EncodesBack(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) is { } node && CanonicalJson.Encode(node).AsSpan().SequenceEqual(bytes);
        }
        catch (Exception refusal) when (refusal is JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>Trees of the values that the ledger allows, with keys and texts from all over Unicode.</summary>
internal static class CanonicalJsonTrees
{
    public static Arbitrary<JsonNode> Arbitrary => Tree(3).ToArbitrary();

    /// <summary>The same cases at each run.</summary>
    public static Config Seeded(int count) => Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(new Replay(new Rnd(20260301, 7), FSharpOption<int>.None));

    private static Gen<string> Text { get; } =
        from points in Gen.OneOf(Gen.Choose(0, 0x7f), Gen.Choose(0x80, 0xd7ff), Gen.Choose(0xe000, 0xffff), Gen.Choose(0x10000, 0x10ffff)).ListOf()
        select string.Concat(points.Take(12).Select(char.ConvertFromUtf32));

    private static Gen<JsonNode> Leaf { get; } = Gen.OneOf(
        Text.Select(text => (JsonNode)JsonValue.Create(text)!),
        Gen.Elements(true, false).Select(value => (JsonNode)JsonValue.Create(value)),
        Gen.Elements(0L, -1, CanonicalJson.MaxInteger, -CanonicalJson.MaxInteger, 1234567).Select(value => (JsonNode)JsonValue.Create(value)),
        Gen.Choose(int.MinValue, int.MaxValue).Select(value => (JsonNode)JsonValue.Create(value)));

    private static Gen<JsonNode> Tree(int depth) => depth == 0 ? Leaf : Gen.OneOf(
        Leaf,
        Tree(depth - 1).ListOf().Select(items => (JsonNode)new JsonArray([.. items.Take(4).Select(item => item.DeepClone())])),
        Text.Zip(Tree(depth - 1)).ListOf().Select(members =>
        {
            var result = new JsonObject();
            foreach ((string name, JsonNode value) in members.Take(5)) result[name] = value.DeepClone();
            return (JsonNode)result;
        }));
}
