using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// One stored password on the disk. A fresh AES-256-GCM key encrypts it, padded so that its length does not show, and is itself sealed by the platform; both are bound to the
/// grant, the computer and the user, so that a record put in another's place does not open.
/// <code>"RAC1" | u8 kind (1 stored, 2 stale) | u16 n, user | stored: u16 n, sealed key | nonce[12] | tag[16] | ciphertext[1026]</code>
/// </summary>
internal sealed record SealedCredential(string User, bool IsStale, byte[] SealedKey, byte[] Encrypted)
{
    public const int MaxLength = 8192;

    private const int KeyLength = 32, NonceLength = 12, TagLength = 16, MaxSealedKey = 4096;
    private const int PlainLength = sizeof(ushort) + CredentialsGate.MaxPasswordBytes, EncryptedLength = NonceLength + TagLength + PlainLength;
    private const byte StoredKind = 1, StaleKind = 2;

    private static ReadOnlySpan<byte> Magic => "RAC1"u8;

    private static ReadOnlySpan<byte> Purpose => "RAS1 stored credential\0"u8;

    /// <summary>A record that says only that there was one.</summary>
    public static byte[] EncodeStale(string user) => Encode(new SealedCredential(user, true, [], []));

    /// <summary>Encrypts and seals; the password stays the caller's to wipe.</summary>
    /// <exception cref="ArgumentException">The password is too long, or the sealer's answer is.</exception>
    public static byte[] Seal(string user, ReadOnlySpan<byte> password, ReadOnlySpan<byte> grantId, ReadOnlySpan<byte> hostKey, ISecretSealer sealer)
    {
        if (password.Length is 0 or > CredentialsGate.MaxPasswordBytes) throw new ArgumentException("A password of this length cannot be stored.");
        byte[] key = GC.AllocateUninitializedArray<byte>(KeyLength, pinned: true), plain = GC.AllocateArray<byte>(PlainLength, pinned: true);
        try
        {
            RandomNumberGenerator.Fill(key);
            BinaryPrimitives.WriteUInt16BigEndian(plain, (ushort)password.Length);
            password.CopyTo(plain.AsSpan(sizeof(ushort)));
            byte[] encrypted = new byte[EncryptedLength], bound = Bound(grantId, hostKey, user);
            RandomNumberGenerator.Fill(encrypted.AsSpan(0, NonceLength));
            using var aes = new AesGcm(key, TagLength);
            aes.Encrypt(encrypted.AsSpan(0, NonceLength), plain, encrypted.AsSpan(NonceLength + TagLength), encrypted.AsSpan(NonceLength, TagLength), bound);
            byte[] sealedKey = sealer.Seal(key, SHA256.HashData(bound));
            if (sealedKey.Length is 0 or > MaxSealedKey) throw new ArgumentException("The sealed key has a length that cannot be.");
            return Encode(new SealedCredential(user, false, sealedKey, encrypted));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Null for anything that is not exactly one record.</summary>
    public static SealedCredential? TryRead(ReadOnlySpan<byte> record)
    {
        if (!record.StartsWith(Magic) || record.Length <= Magic.Length) return null;
        byte kind = record[Magic.Length];
        ReadOnlySpan<byte> rest = record[(Magic.Length + 1)..];
        if (!TryTake(ref rest, CredentialsGate.MaxUserBytes, out ReadOnlySpan<byte> name) || !PlainText.TryDecode(name, CredentialsGate.MaxUserBytes, out string user) || user.Length == 0) return null;
        if (kind == StaleKind) return rest.IsEmpty ? new SealedCredential(user, true, [], []) : null;
        if (kind != StoredKind || !TryTake(ref rest, MaxSealedKey, out ReadOnlySpan<byte> key) || key.IsEmpty || rest.Length != EncryptedLength) return null;
        return new SealedCredential(user, false, key.ToArray(), rest.ToArray());
    }

    /// <summary>The password in a pinned array, the caller's to wipe; null when the record was changed, or is another grant's, computer's or account's.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> grantId, ReadOnlySpan<byte> hostKey, ISecretSealer sealer)
    {
        if (IsStale) return null;
        byte[] bound = Bound(grantId, hostKey, User), plain = GC.AllocateUninitializedArray<byte>(PlainLength, pinned: true);
        byte[]? key = null;
        try
        {
            key = sealer.TryOpen(SealedKey, SHA256.HashData(bound));
            if (key is not { Length: KeyLength }) return null;
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(Encrypted.AsSpan(0, NonceLength), Encrypted.AsSpan(NonceLength + TagLength), Encrypted.AsSpan(NonceLength, TagLength), plain, bound);
            int length = BinaryPrimitives.ReadUInt16BigEndian(plain);
            if (length is 0 or > CredentialsGate.MaxPasswordBytes) return null;
            byte[] password = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            plain.AsSpan(sizeof(ushort), length).CopyTo(password);
            return password;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            if (key is not null) CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>What the record is bound to; its hash is the sealer's entropy. The user last: all before it has one length.</summary>
    private static byte[] Bound(ReadOnlySpan<byte> grantId, ReadOnlySpan<byte> hostKey, string user) => [.. Purpose, .. grantId, .. hostKey, .. Encoding.UTF8.GetBytes(user)];

    private static byte[] Encode(SealedCredential record)
    {
        byte[] user = PlainText.Utf8.GetBytes(record.User);
        byte[] head = [.. Magic, record.IsStale ? StaleKind : StoredKind, (byte)(user.Length >> 8), (byte)user.Length, .. user];
        return record.IsStale ? head : [.. head, (byte)(record.SealedKey.Length >> 8), (byte)record.SealedKey.Length, .. record.SealedKey, .. record.Encrypted];
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int most, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < sizeof(ushort)) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length > most || rest.Length - sizeof(ushort) < length) return false;
        taken = rest.Slice(sizeof(ushort), length);
        rest = rest[(sizeof(ushort) + length)..];
        return true;
    }
}
