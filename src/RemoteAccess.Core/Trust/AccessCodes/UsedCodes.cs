using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Which access codes were given to which computers, so that none is given to two: one stolen code shall open one computer. Kept on the
/// technician's side only, in the tenant's directory, as fingerprints under a key that is made there and never leaves it; neither computer
/// nor broker learns anything. Several processes may use the directory at once. Thread-safe.
/// <code>codes.key    32 bytes
/// codes.used   "RAUSED1\n" | records of 64 bytes: HMAC(key, "code" ‖ scrypt(code)), HMAC(key, "computer" ‖ host key) | HMAC(key, "file" ‖ all before)</code>
/// The code is stretched first, because whoever steals the directory has the key too, and must not guess faster than with a verifier.
/// </summary>
public sealed class UsedCodes
{
    /// <summary>The most codes that are kept, 4 MiB; a further one is refused.</summary>
    public const int MaxCodes = 65_536;

    private const int KeyLength = 32, HashLength = 32, RecordLength = 2 * HashLength, HeaderLength = 8;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private readonly string keyFile, usedFile, lockFile;

    private UsedCodes(string directory)
    {
        keyFile = Path.Combine(directory, "codes.key");
        usedFile = Path.Combine(directory, "codes.used");
        lockFile = Path.Combine(directory, "codes.lock");
    }

    private static ReadOnlySpan<byte> Header => "RAUSED1\n"u8;

    /// <summary>Those of a tenant's directory; the files are made when the first code is claimed.</summary>
    /// <exception cref="StateException">The directory is not there, or open to other accounts.</exception>
    public static UsedCodes Open(string tenantDirectory)
    {
        tenantDirectory = Path.GetFullPath(tenantDirectory);
        PrivateFile.RequirePrivateDirectory(tenantDirectory);
        return new UsedCodes(tenantDirectory);
    }

    /// <summary>
    /// Takes a code for a computer, before the grant is made; on the disk when it returns. A generated code that is typed as free text is the
    /// same code. Takes about 0.3 s of one core and 64 MiB.
    /// </summary>
    /// <param name="code">Stays the caller's.</param>
    /// <param name="hostKey">The computer's key, 65 bytes.</param>
    /// <returns>False when another computer has it: choose a different one. True again for the same computer.</returns>
    /// <exception cref="StateException">The files are damaged, exposed, full or not writable; nothing was taken.</exception>
    public bool TryClaim(AccessCode code, ReadOnlySpan<byte> hostKey)
    {
        ArgumentNullException.ThrowIfNull(code);
        byte[] computer = hostKey.ToArray();
        using Microsoft.Win32.SafeHandles.SafeFileHandle held = FileLock.Take(lockFile, LockPatience);
        using PinnedSecret key = ReadKey();
        byte[] fingerprint = Fingerprint(key, code), owner = Hash(key, "computer", computer);
        byte[] used = ReadUsed(key);
        for (int at = 0; at < used.Length; at += RecordLength)
        {
            if (used.AsSpan(at, HashLength).SequenceEqual(fingerprint)) return used.AsSpan(at + HashLength, HashLength).SequenceEqual(owner);
        }
        if (used.Length >= MaxCodes * RecordLength)
            throw new StateException(StateError.NotWritable, usedFile, $"{usedFile} holds {MaxCodes} codes and takes no more. Begin a new tenant directory.");
        byte[] content = [.. Header, .. used, .. fingerprint, .. owner];
        PrivateFile.Write(usedFile, (byte[])[.. content, .. Hash(key, "file", content)]);
        return true;
    }

    /// <summary>Made with the first code; never made anew while fingerprints are there that need it.</summary>
    private PinnedSecret ReadKey()
    {
        if (!Path.Exists(keyFile) && !Path.Exists(usedFile))
        {
            byte[] made = RandomNumberGenerator.GetBytes(KeyLength);
            PrivateFile.Write(keyFile, made);
            CryptographicOperations.ZeroMemory(made);
        }
        byte[] read = PrivateFile.Read(keyFile, KeyLength);
        try
        {
            return read.Length == KeyLength ? new PinnedSecret(read) : throw Damaged(keyFile);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(read);
        }
    }

    /// <summary>The records; none when nothing was claimed yet.</summary>
    private byte[] ReadUsed(PinnedSecret key)
    {
        if (new FileInfo(usedFile).LinkTarget is null && !Path.Exists(usedFile)) return [];
        byte[] file = PrivateFile.Read(usedFile, HeaderLength + MaxCodes * RecordLength + HashLength);
        int length = file.Length - HeaderLength - HashLength;
        if (length < 0 || length % RecordLength != 0 || !file.AsSpan().StartsWith(Header)) throw Damaged(usedFile);
        if (!CryptographicOperations.FixedTimeEquals(Hash(key, "file", file.AsSpan(0, HeaderLength + length)), file.AsSpan(HeaderLength + length))) throw Damaged(usedFile);
        return file.AsSpan(HeaderLength, length).ToArray();
    }

    private static byte[] Fingerprint(PinnedSecret key, AccessCode code)
    {
        using AccessCode? generated = AsGenerated(code);
        using PinnedSecret password = CodeStretching.Password((generated ?? code).Canonical, "RemoteAccess used codes"u8, default);
        byte[] salt = Hash(key, "salt", default);
        using PinnedSecret stretched = CodeStretching.Stretch(password, salt.AsSpan(0, CodeStretching.SaltLength), GrantFormat.UsualLog2N, GrantFormat.UsualR, GrantFormat.UsualP);
        return Hash(key, "code", stretched.Span);
    }

    private static AccessCode? AsGenerated(AccessCode code)
    {
        if (code.Kind != AccessCodeKind.FreeText) return null;
        char[] typed = GC.AllocateArray<char>(AccessCode.MaxFreeTextBytes, pinned: true);
        try
        {
            int length = Encoding.UTF8.GetChars(code.Canonical, typed);
            AccessCode.TryRead(typed.AsSpan(0, length), AccessCodeKind.Generated, out AccessCode? generated);
            return generated;
        }
        finally
        {
            Array.Clear(typed);
        }
    }

    private static byte[] Hash(PinnedSecret key, string purpose, ReadOnlySpan<byte> content)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Span);
        hmac.AppendData(Encoding.ASCII.GetBytes(purpose + "\0"));
        hmac.AppendData(content);
        return hmac.GetHashAndReset();
    }

    private static StateException Damaged(string path) =>
        new(StateError.Corrupted, path, $"{path} is damaged. It is not begun anew by itself, because that would forget which codes are used.");
}
