using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// The whole way of a picture, from scan to decoded frame, in processes whose runtime has wide vectors, narrower ones, or none: every byte is the same. A processor
/// without the widest shows less.
/// </summary>
[Trait("Platform", "Unix")]
public sealed class VectorWidthTests
{
    private const string ResultVariable = "REMOTEACCESS_VECTOR_WIDTHS";

    [Fact]
    public async Task Pictures_WithVectorsOfAnyWidth_AreTheSameBytes()
    {
        string[] widest = await RunAsync();
        string[] half = await RunAsync("DOTNET_EnableAVX512"), quarter = await RunAsync("DOTNET_EnableAVX2"), none = await RunAsync("DOTNET_EnableHWIntrinsic");

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', (string[])[widest[0], half[0], quarter[0], none[0], .. widest[1..]]));
        Assert.Equal("False False False", none[0]);
        Assert.StartsWith("False ", half[0], StringComparison.Ordinal);
        Assert.StartsWith("False False ", quarter[0], StringComparison.Ordinal);
        Assert.Equal(4, widest[1..].Distinct().Count());
        foreach (string[] other in (string[][])[half, quarter, none]) Assert.Equal(widest[1..], other[1..]);
    }

    /// <summary>In the other process: which widths there are, and a hash of everything sent and shown for each recording.</summary>
    [Fact(Explicit = true)]
    public void WriteHashes()
    {
        string file = Environment.GetEnvironmentVariable(ResultVariable) ?? throw new InvalidOperationException($"Set {ResultVariable} to the file to write.");
        List<string> lines = [$"{Vector512.IsHardwareAccelerated} {Vector256.IsHardwareAccelerated} {Vector128.IsHardwareAccelerated}"];
        foreach (string name in (string[])["term", "editor", "desktop", "video"]) lines.Add(Hash(name));
        File.WriteAllLines(file, lines);
    }

    private static string Hash(string name)
    {
        using var pair = new CodecPair();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int lossy = 0;
        foreach (ScreenFrame shown in RecordedFrames.Open(name).Read())
        {
            pair.Now += 33_000;
            pair.Budget = 9000;
            pair.Show(shown);
            Add();
            if (!pair.IsExact) lossy++;
        }

        pair.Settle();
        Add();
        return $"{name} {lossy} {Convert.ToHexString(hash.GetHashAndReset())}";

        void Add()
        {
            foreach (byte[] message in pair.Messages) hash.AppendData(message);
            hash.AppendData(pair.Picture.Pixels);
        }
    }

    private static async Task<string[]> RunAsync(string? without = null)
    {
        string file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-noColor", "-explicit", "only", "-method", $"*{nameof(VectorWidthTests)}.{nameof(WriteHashes)}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[ResultVariable] = file;
            if (without is not null) start.Environment[without] = "0";
            using Process child = Process.Start(start)!;
            Task<string> said = child.StandardOutput.ReadToEndAsync(), complained = child.StandardError.ReadToEndAsync();
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(child.ExitCode == 0, await said + await complained);
            return await File.ReadAllLinesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
