using BenchmarkDotNet.Attributes;
using RemoteAccess.Tests;

namespace RemoteAccess.Benchmarks;

/// <summary>A whole recorded frame of text, 0.256 megapixels, through the context coder whose model has seen it. Decoding alone is the difference of the two.</summary>
public class CodeText
{
    private TextCoder? alone;
    private TextCoder? both;

    [Params("term", "editor")]
    public string Name { get; set; } = "term";

    [GlobalSetup]
    public void Prepare()
    {
        alone = new TextCoder(RecordedFrames.Open(Name).Read().First());
        both = new TextCoder(RecordedFrames.Open(Name).Read().First());
        alone.Encode();
        EncodeAndDecode();
    }

    [Benchmark]
    public void Encode() => alone!.Encode();

    [Benchmark]
    public void EncodeAndDecode()
    {
        both!.Encode();
        both.Decode();
    }
}
