using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class CommonPasswordsTests
{
    [Fact]
    public void List_InThePackage_IsTheOneThatItsNoteDescribes()
    {
        byte[] text = Unpack();
        string[] lines = Encoding.ASCII.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("d109780e80d85804721a626b3eb562602223551df7174bc5b1c29c892a3ae4ef", Convert.ToHexStringLower(SHA256.HashData(text)));
        Assert.True(lines.Length >= 100_000, $"{lines.Length} lines");
        Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
        Assert.All(lines, line => Assert.Matches("^[!-@\\[-~]{6,64}$", line));
    }

    [Fact]
    public void TryRead_ListedPasswordsLongEnoughForACodeTheEndsAndEach601st_AreTooWeak()
    {
        string[] long12 = [.. Encoding.ASCII.GetString(Unpack()).Split('\n').Where(line => line.Length >= AccessCode.MinFreeTextBytes)];
        Assert.True(long12.Length > 10_000, $"{long12.Length} of a code's length");
        // Each reading takes milliseconds, and all of them more than a minute.
        for (int i = 0; i < long12.Length; i += i < 20 || i > long12.Length - 20 ? 1 : 601) Assert.Equal(AccessCodeProblem.TooWeak, AccessCode.TryRead(long12[i], AccessCodeKind.FreeText, out _));
    }

    [Theory]
    [InlineData("TrustNo1", 0, 8)]
    [InlineData("xxDragon99monkey", 2, 8)]
    [InlineData("xxDragon99monkey", 10, 6)]
    [InlineData("\u212Ailler1", 0, 7)]
    [InlineData("1Q2w3E4r5T6y7U", 0, 14)]
    [InlineData("漢字 dragon", 3, 6)]
    public void Find_PasswordInTheText_GivesTheLongestAtItsPlace(string text, int at, int length)
    {
        int[] found = new int[text.Length];

        CommonPasswords.Find(text, found);

        Assert.Equal(length, found[at]);
    }

    [Theory]
    [InlineData("gzv#QwT")]
    [InlineData("p@$$w0rd!2024")]
    [InlineData("")]
    public void Find_NoneInTheText_GivesZeros(string text)
    {
        int[] found = new int[text.Length];
        found.AsSpan().Fill(99);

        CommonPasswords.Find(text, found);

        Assert.All(found, length => Assert.Equal(0, length));
    }

    private static byte[] Unpack()
    {
        using Stream packed = typeof(CommonPasswords).Assembly.GetManifestResourceStream("RemoteAccess.Trust.common-passwords.txt.br") ?? throw new InvalidOperationException("No list.");
        using var list = new BrotliStream(packed, CompressionMode.Decompress);
        using var text = new MemoryStream();
        list.CopyTo(text);
        return text.ToArray();
    }
}
