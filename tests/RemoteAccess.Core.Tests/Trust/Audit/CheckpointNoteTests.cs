using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class CheckpointNoteTests : IDisposable
{
    private readonly LedgerTestKey key = new();
    private readonly CheckpointNote notes;

    public CheckpointNoteTests() => notes = new CheckpointNote(key.PublicKey);

    public void Dispose()
    {
        notes.Dispose();
        key.Dispose();
    }

    [Fact]
    public void KeyId_PublishedNoteOfAnotherLog_SameRule()
    {
        // The key and a checkpoint that Sigstore's Rekor published (signature type 02): its key id begins its signature, wNI9ag== = c0d23d6a.
        byte[] spki = Convert.FromBase64String("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==");
        using var rekor = new CheckpointNote(spki.AsSpan()[^65..]);
        using var signer = new LedgerTestKey();
        string line = rekor.Sign(1, new byte[32], signer).Note.Split('\n')[4];
        byte[] signature = Convert.FromBase64String(line.Split(' ')[2]);
        Assert.Equal("c0d23d6a", Convert.ToHexStringLower(signature.AsSpan(0, 4)));
    }

    [Fact]
    public void IsSigned_PublishedSignatureOfAnotherLog_Verifies()
    {
        byte[] spki = Convert.FromBase64String("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==");
        using var rekor = new CheckpointNote(spki.AsSpan()[^65..]);
        const string Text = "Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n";
        const string Signature = "wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=";
        // Only the name in the signature line is ours; it is not signed.
        Assert.True(rekor.IsSigned(new LedgerCheckpoint(798034, new byte[32], $"{Text}\n— {rekor.Origin} {Signature}\n")));
        Assert.False(rekor.IsSigned(new LedgerCheckpoint(798034, new byte[32], $"{Text.Replace("798034", "798035", StringComparison.Ordinal)}\n— {rekor.Origin} {Signature}\n")));
    }

    [Fact]
    public void Sign_Note_HasTheFiveLinesOfTheFormat()
    {
        byte[] root = SHA256.HashData("root"u8);
        LedgerCheckpoint checkpoint = notes.Sign(42, root, key);
        string[] lines = checkpoint.Note.Split('\n');
        Assert.Equal($"remoteaccess/ledger/{Convert.ToHexStringLower(SHA256.HashData([.. "RAS1 host\0"u8, .. key.PublicKey]))}", lines[0]);
        Assert.Equal("42", lines[1]);
        Assert.Equal(Convert.ToBase64String(root), lines[2]);
        Assert.Equal("", lines[3]);
        Assert.StartsWith($"— {lines[0]} ", lines[4], StringComparison.Ordinal);
        Assert.Equal("", lines[5]);
        Assert.Equal(6, lines.Length);
    }

    [Fact]
    public void Sign_ManyNotes_ReadBackWholeAndSigned()
    {
        // Many, because about every hundredth r or s is a byte shorter, or has its top bit set and needs a zero in front.
        for (int size = 0; size < 300; size++)
        {
            byte[] note = Encoding.UTF8.GetBytes(notes.Sign(size, SHA256.HashData(BitConverter.GetBytes(size)), key).Note);
            Assert.True(notes.TryRead([.. note, .. note], out LedgerCheckpoint? read, out int consumed));
            Assert.Equal((note.Length, (long)size), (consumed, read!.Size));
            Assert.True(notes.IsSigned(read));
        }
    }

    [Fact]
    public void TryRead_EachByteChanged_NeverSignedAndNeverTorn()
    {
        byte[] note = Encoding.UTF8.GetBytes(notes.Sign(7, new byte[32], key).Note);
        for (int i = 0; i < note.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. note];
                changed[i] ^= (byte)(1 << bit);
                bool accepted = notes.TryRead(changed, out LedgerCheckpoint? read, out int consumed) && consumed == changed.Length && notes.IsSigned(read!);
                Assert.False(accepted, $"byte {i} bit {bit} was accepted");
                Assert.False(notes.IsTorn(changed), $"byte {i} bit {bit} passed for an interrupted write");
            }
        }
    }

    [Fact]
    public void IsTorn_EachBeginningOfANote_True()
    {
        byte[] note = Encoding.UTF8.GetBytes(notes.Sign(1234, SHA256.HashData("x"u8), key).Note);
        for (int length = 1; length < note.Length; length++)
        {
            Assert.True(notes.IsTorn(note.AsSpan(0, length)), $"{length} bytes");
            Assert.True(notes.IsTorn([.. note.AsSpan(0, length), .. new byte[note.Length - length]]), $"{length} bytes and zeros");
        }
    }

    [Fact]
    public void Constructor_NotAPoint_Refused()
    {
        Assert.Throws<ArgumentException>(() => new CheckpointNote(new byte[65]));
        Assert.Throws<ArgumentException>(() => new CheckpointNote([4, .. Enumerable.Repeat((byte)1, 64)]));
        Assert.Throws<ArgumentException>(() => new CheckpointNote(key.PublicKey[..64]));
    }
}
