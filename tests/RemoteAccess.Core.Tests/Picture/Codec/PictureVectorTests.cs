using System.Buffers.Binary;
using System.Security.Cryptography;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// The streams of tests/vectors/picture, for this decoder and any other: each message with its length before it (u32 big-endian), and beside it
/// the SHA-256 of the whole picture after each frame (rows from the top, B G R 0), one a line. They pin the format: a change of it changes
/// <see cref="PictureHeader"/>'s version and is written anew with <c>-explicit only -method *WriteVectors</c>.
/// </summary>
public sealed class PictureVectorTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "vectors", "picture");

    public static TheoryData<string> Names => ["text", "scroll-and-cache", "photo-q50", "photo-q75", "photo-q75-444", "photo-q90", "mixed-and-settled", "large-in-parts"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_Decodes_ToTheHashesBesideIt(string name)
    {
        byte[] stream = File.ReadAllBytes(Path.Combine(Folder, name + ".stream"));
        string[] expected = File.ReadAllLines(Path.Combine(Folder, name + ".sha256"));
        var decoder = new PictureDecoder();
        var picture = new Framebuffer();
        List<string> hashes = [];
        for (int at = 0; at < stream.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at));
            PictureHeader header = decoder.Decode(stream.AsSpan(at + 4, length), picture);
            picture.ClearDamage();
            at += 4 + length;
            if (header.IsLastPart) hashes.Add(Convert.ToHexStringLower(SHA256.HashData(picture.Pixels)));
        }

        Assert.Equal(expected, hashes);
    }

    [Fact(Explicit = true)]
    public void WriteVectors()
    {
        string folder = Environment.GetEnvironmentVariable("REMOTEACCESS_VECTORS") ?? throw new InvalidOperationException("Set REMOTEACCESS_VECTORS to the folder to write to.");
        Directory.CreateDirectory(folder);
        foreach (string name in Names.Select(static row => row.Data)) Write(Path.Combine(folder, name), name);
    }

    private static void Write(string path, string name)
    {
        using var pair = new CodecPair();
        var script = new DrawnScript(name.Length * 7);
        bool large = name == "large-in-parts";
        DrawnFrame frame = script.Begin(large ? new PixelSize(270, 200) : new PixelSize(203, 150), 0);
        pair.Wish = pair.Wish with
        {
            CacheBits = name == "scroll-and-cache" ? 3 : 0,
            Quality = name switch { "photo-q50" => LossyQuality.Q50_420, "photo-q75-444" => LossyQuality.Q75_444, "photo-q90" => LossyQuality.Q90_444, _ => LossyQuality.Q75_420 },
            Lossless = name is "text" or "scroll-and-cache",
        };
        using FileStream stream = File.Create(path + ".stream");
        List<string> hashes = [];
        for (int round = 0; round < 40; round++)
        {
            pair.Now += 30_000;
            if (name.StartsWith("photo", StringComparison.Ordinal))
            {
                frame = frame.CopyWith(new PixelRect(0, 0, 203, 150));
                script.Photograph(frame, new PixelRect(0, 0, 203, 150));
            }

            if (pair.Show(frame)) Append();
            if (large && round == 2) break;
            if (name == "mixed-and-settled" && round % 13 == 12)
            {
                pair.Now += 400_000;
                while (pair.Show(frame)) Append();
            }

            if (!name.StartsWith("photo", StringComparison.Ordinal)) frame = script.Next(frame);
            if (large) frame.Scribble(new Random(round), new PixelRect(0, 0, 270, 200));
        }

        File.WriteAllLines(path + ".sha256", hashes);

        void Append()
        {
            Span<byte> length = stackalloc byte[4];
            foreach (byte[] message in pair.Messages)
            {
                BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
                stream.Write(length);
                stream.Write(message);
            }

            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(pair.Picture.Pixels)));
        }
    }
}
