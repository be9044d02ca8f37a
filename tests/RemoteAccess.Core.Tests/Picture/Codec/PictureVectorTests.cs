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
        PixelSize size = name == "large-in-parts" ? new PixelSize(270, 200) : new PixelSize(203, 150);
        PixelRect whole = new(0, 0, size.Width, size.Height), film = new(0, 0, 150, 150);
        DrawnFrame frame = script.Begin(size, 0);
        DrawnFrame[] pages = [frame, new DrawnScript(2).Begin(size, 0)];
        pair.Wish = pair.Wish with
        {
            CacheBits = name == "scroll-and-cache" ? 5 : 0,
            Quality = name switch { "photo-q50" => LossyQuality.Q50_420, "photo-q75-444" => LossyQuality.Q75_444, "photo-q90" => LossyQuality.Q90_444, _ => LossyQuality.Q75_420 },
            Lossless = name is "text" or "scroll-and-cache",
        };
        using FileStream stream = File.Create(path + ".stream");
        List<string> hashes = [];
        HashSet<string> seen = [];
        for (int round = 0; round < 40; round++)
        {
            pair.Now += 30_000;
            switch (name)
            {
                case "mixed-and-settled":
                    if (round == 26) pair.RequestEpoch();
                    frame = frame.CopyWith(whole);
                    if (round % 13 < 6) script.Photograph(frame, film);
                    else if (round % 13 < 9) DrawnScript.Shift(frame, film, 0, 9);
                    else frame = script.Next(frame);
                    Show();
                    if (round % 13 != 12) break;
                    pair.Now += 400_000;
                    while (pair.Show(frame)) Append();
                    Assert.True(pair.IsExact);
                    break;
                case "large-in-parts":
                    frame = frame.CopyWith(whole);
                    frame.Scribble(new Random(round), whole);
                    script.Photograph(frame, new PixelRect(0, 100, 128, 100));
                    Show();
                    break;
                case "scroll-and-cache" when round % 4 == 3:
                    frame = pages[round / 4 % 2].CopyWith(whole);
                    Show();
                    break;
                case "text" or "scroll-and-cache":
                    Show();
                    frame = script.Next(frame);
                    break;
                default:
                    frame = frame.CopyWith(whole);
                    script.Photograph(frame, whole);
                    Show();
                    break;
            }

            if (name == "large-in-parts" && round == 2) break;
        }

        File.WriteAllLines(path + ".sha256", hashes);
        string[] promised = name switch
        {
            "scroll-and-cache" => ["cached", "copied"],
            "mixed-and-settled" => ["lossy", "copied inexactly", "context and natural", "second epoch"],
            "large-in-parts" => ["natural in a later part"],
            "text" => ["copied"],
            _ => ["lossy"],
        };
        Assert.Subset(seen, promised.ToHashSet());

        void Show()
        {
            if (pair.Show(frame)) Append();
        }

        void Append()
        {
            Span<byte> length = stackalloc byte[4];
            foreach (byte[] message in pair.Messages)
            {
                BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
                stream.Write(length);
                stream.Write(message);
                Assert.True(PictureHeader.TryRead(message, out PictureHeader header, out _));
                if (!header.IsFirstPart && header.ArithmeticLength >= 0) seen.Add("natural in a later part");
                if (header is { IsNewEpoch: true, Epoch: > 1 }) seen.Add("second epoch");
            }

            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(pair.Picture.Pixels)));
            Note(pair, seen);
        }
    }

    /// <summary>What of the format the last frame used.</summary>
    private static void Note(CodecPair pair, HashSet<string> seen)
    {
        (TileMap tiles, BlockClasses classes) = (pair.Plan.Tiles, pair.Plan.Classes);
        if (tiles.Slots.ContainsAnyExcept(-1)) seen.Add("cached");
        if (tiles.Kinds.Contains(TileKind.NaturalLossy)) seen.Add("lossy");
        for (int row = 0; row < classes.Rows; row++)
        {
            for (int column = 0; column < classes.Columns; column++)
            {
                BlockClass kind = classes[column, row];
                if (kind is >= BlockClass.Copy0 and <= BlockClass.Copy3) seen.Add(pair.Encoder.Inexact.IsInexact(column, row) ? "copied inexactly" : "copied");
                if (kind == BlockClass.Context && tiles.Kinds[row / TileGrid.BlocksPerSide * tiles.Columns + column / TileGrid.BlocksPerSide] == TileKind.NaturalLossless)
                    seen.Add("context and natural");
            }
        }
    }
}
