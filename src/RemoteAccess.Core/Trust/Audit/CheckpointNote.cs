using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>A signed statement that the ledger had this size and this Merkle root: what a witness keeps.</summary>
internal sealed record LedgerCheckpoint(long Size, ReadOnlyMemory<byte> Root, string Note);

/// <summary>
/// The checkpoint format of docs/ledger.md §5: C2SP tlog-checkpoint in a C2SP signed note, signature type 02 (ECDSA P-256, SHA-256, ASN.1
/// DER; key id = first four bytes of SHA-256 of the key's SPKI DER). Made for one computer's key. Not thread-safe.
/// </summary>
internal sealed class CheckpointNote : IDisposable
{
    /// <summary>Longer than any note this format can make.</summary>
    public const int MaxLength = 512;

    private const int LineCount = 5;
    private const int MaxDerSignature = 72;

    // SubjectPublicKeyInfo of an uncompressed P-256 point up to the point itself (RFC 5480 §2).
    private static readonly byte[] SpkiPrefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private readonly P256Verifier verifier;
    private readonly byte[] keyId;
    private readonly string signatureStart;

    /// <param name="publicKey">SEC1 uncompressed point, 65 bytes.</param>
    /// <exception cref="ArgumentException">Not such a point.</exception>
    public CheckpointNote(ReadOnlySpan<byte> publicKey)
    {
        if (!P256Group.IsValidPoint(publicKey)) throw new ArgumentException("A P-256 public key is an uncompressed point of 65 bytes, on the curve.", nameof(publicKey));
        verifier = P256.Provider.OpenVerifier(publicKey);
        keyId = SHA256.HashData([.. SpkiPrefix, .. publicKey])[..4];
        HostId = Convert.ToHexStringLower(SHA256.HashData([.. "RAS1 host\0"u8, .. publicKey]));
        Origin = "remoteaccess/ledger/" + HostId;
        signatureStart = $"— {Origin} ";
    }

    /// <summary>protocol.md §2's host_id, 64 hexadecimal digits.</summary>
    public string HostId { get; }

    /// <summary>The first line, and the name of the key.</summary>
    public string Origin { get; }

    public LedgerCheckpoint Sign(long size, byte[] root, ISigningKey key)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{size}\n{Convert.ToBase64String(root)}\n");
        Span<byte> signature = stackalloc byte[64];
        key.Sign(Encoding.UTF8.GetBytes(text), signature);
        return new LedgerCheckpoint(size, root, $"{text}\n{signatureStart}{Convert.ToBase64String([.. keyId, .. ToDer(signature)])}\n");
    }

    /// <summary>Reads the note at the beginning of <paramref name="bytes"/>; its signature is still to be checked.</summary>
    public bool TryRead(ReadOnlySpan<byte> bytes, out LedgerCheckpoint? checkpoint, out int consumed)
    {
        checkpoint = null;
        consumed = EndOfNote(bytes);
        if (consumed == 0) return false;
        string note = Encoding.UTF8.GetString(bytes[..consumed]);
        string[] lines = note.Split('\n');
        if (lines[0] != Origin || !TryReadSize(lines[1], out long size) || !TryReadBase64(lines[2], out byte[] root) || root.Length != MerkleFrontier.HashSize) return false;
        if (lines[3].Length != 0 || !TryReadSignature(lines[4], out _)) return false;
        checkpoint = new LedgerCheckpoint(size, root, note);
        return true;
    }

    /// <summary>Reads <paramref name="bytes"/> as exactly one note, its signature checked.</summary>
    public bool TryReadOne(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LedgerCheckpoint? checkpoint)
    {
        if (!TryRead(bytes, out checkpoint, out int consumed) || consumed != bytes.Length || !IsSigned(checkpoint!)) checkpoint = null;
        return checkpoint is not null;
    }

    /// <summary>True when the note was signed by this computer's key. Any other key's lines would be a stranger's, and are not ours to ignore.</summary>
    public bool IsSigned(LedgerCheckpoint checkpoint)
    {
        int textLength = checkpoint.Note.IndexOf("\n\n", StringComparison.Ordinal) + 1;
        if (textLength == 0 || !TryReadSignature(checkpoint.Note[(textLength + 1)..^1], out byte[] signature)) return false;
        Span<byte> pair = stackalloc byte[P256.SignatureLength];
        return TryReadDer(signature, pair) && P256Scalar.IsSignatureInRange(pair) && verifier.Verify(Encoding.UTF8.GetBytes(checkpoint.Note[..textLength]), pair);
    }

    public void Dispose() => verifier.Dispose();

    /// <summary>True when the <paramref name="tail"/> that begins at <paramref name="offset"/> is what an interrupted write left: cut short, or with a sector missing.</summary>
    public bool IsTorn(ReadOnlySpan<byte> tail, long offset) => IsTorn(tail) || SectorLoss.ExplainsNote(tail, offset);

    /// <summary>True when <paramref name="tail"/> can be the beginning of a note whose writing was interrupted; damage to a whole note cannot.</summary>
    public bool IsTorn(ReadOnlySpan<byte> tail)
    {
        if (tail.Length >= MaxLength || EndOfNote(tail) != 0) return false;
        ReadOnlySpan<byte> written = tail.TrimEnd((byte)0);
        string shortest = $"{Origin}\n";
        byte[] origin = Encoding.ASCII.GetBytes(shortest);
        if (written.Length <= origin.Length) return origin.AsSpan().StartsWith(written);
        if (!written.StartsWith(origin)) return false;
        string[] lines = Encoding.UTF8.GetString(written).Split('\n');
        bool cutInSize = lines.Length == 2;
        if (cutInSize) return lines[1].Length <= 16 && lines[1].All(char.IsAsciiDigit);
        if (!TryReadSize(lines[1], out _)) return false;
        bool cutInRoot = lines.Length == 3;
        if (cutInRoot) return lines[2].Length <= 44 && lines[2].All(IsBase64Character);
        if (!TryReadBase64(lines[2], out byte[] root) || root.Length != MerkleFrontier.HashSize || lines[3].Length != 0) return false;
        return lines.Length == 4 || IsTornSignature(written[IndexOfLine(written, 4)..]);
    }

    private bool IsTornSignature(ReadOnlySpan<byte> line)
    {
        byte[] start = Encoding.UTF8.GetBytes(signatureStart);
        if (line.Length <= start.Length) return start.AsSpan().StartsWith(line);
        if (!line.StartsWith(start)) return false;
        ReadOnlySpan<byte> encoded = line[start.Length..];
        int whole = encoded.Length - (encoded.Length % 4);
        Span<byte> decoded = stackalloc byte[MaxLength];
        if (Base64.DecodeFromUtf8(encoded[..whole], decoded, out _, out int length) != System.Buffers.OperationStatus.Done) return false;
        // The DER header tells how long the whole signature is: text after its end is not a part of it.
        bool endsTooLate = length > 6 && length >= 4 + 2 + decoded[5] && encoded.Length > whole;
        return !endsTooLate && length <= 4 + MaxDerSignature && Encoding.ASCII.GetString(encoded[whole..]).All(IsBase64Character);
    }

    private bool TryReadSignature(string line, out byte[] signature)
    {
        signature = [];
        if (!line.StartsWith(signatureStart, StringComparison.Ordinal) || !TryReadBase64(line[signatureStart.Length..], out byte[] decoded)) return false;
        if (decoded.Length is < 4 + 8 or > 4 + MaxDerSignature || !decoded.AsSpan(0, 4).SequenceEqual(keyId)) return false;
        signature = decoded[4..];
        return true;
    }

    private static bool TryReadSize(string line, out long size) =>
        long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out size)
        && size <= CanonicalJson.MaxInteger && size.ToString(CultureInfo.InvariantCulture) == line;

    // .NET's decoder forgives white space and stray bits; two spellings of one note would be one too many.
    private static bool TryReadBase64(string text, out byte[] value)
    {
        value = new byte[MaxLength];
        bool read = Convert.TryFromBase64String(text, value, out int length);
        value = value[..length];
        return read && Convert.ToBase64String(value) == text;
    }

    private static bool IsBase64Character(char value) => char.IsAsciiLetterOrDigit(value) || value is '+' or '/' or '=';

    private static int EndOfNote(ReadOnlySpan<byte> bytes)
    {
        int end = IndexOfLine(bytes[..Math.Min(bytes.Length, MaxLength)], LineCount);
        return Math.Max(end, 0);
    }

    private static int IndexOfLine(ReadOnlySpan<byte> bytes, int line)
    {
        int position = 0;
        for (; line > 0; line--)
        {
            int newline = bytes[position..].IndexOf((byte)'\n');
            if (newline < 0) return -1;
            position += newline + 1;
        }

        return position;
    }

    private static byte[] ToDer(ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(signature[..32].TrimStart((byte)0));
            writer.WriteIntegerUnsigned(signature[32..].TrimStart((byte)0));
        }

        return writer.Encode();
    }

    /// <summary>DER only: the same signature has no second form.</summary>
    private static bool TryReadDer(ReadOnlyMemory<byte> der, Span<byte> signature)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            AsnReader pair = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            bool fits = TryRead(pair.ReadIntegerBytes().Span, signature[..32]) && TryRead(pair.ReadIntegerBytes().Span, signature[32..]);
            pair.ThrowIfNotEmpty();
            return fits;
        }
        catch (AsnContentException)
        {
            return false;
        }

        static bool TryRead(ReadOnlySpan<byte> integer, Span<byte> number)
        {
            // A sign bit would make it negative.
            if ((integer[0] & 0x80) != 0) return false;
            integer = integer.TrimStart((byte)0);
            if (integer.Length > number.Length) return false;
            number.Clear();
            integer.CopyTo(number[^integer.Length..]);
            return true;
        }
    }
}
