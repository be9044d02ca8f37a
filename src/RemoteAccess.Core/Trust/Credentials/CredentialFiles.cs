using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// The stored passwords of one grant: a file in its directory for each account, named by a hash of the account. Replaced whole, so that a power cut leaves the old record or
/// the new one. Who writes holds the state lock.
/// </summary>
internal sealed class CredentialFiles(string grantDirectory)
{
    public const int MaxAccounts = 16;
    private const string Prefix = "fill-", Problem = $"error.{nameof(SurfaceProblem.PasswordRecord)}";

    /// <summary>All of them; a damaged record is one of a user "" that is stale.</summary>
    public IReadOnlyList<SealedCredential> Read() => [.. Paths().Select(path => TryRead(path) ?? new SealedCredential("", true, [], []))];

    /// <summary>Those that can be read, and the first that cannot: damaged, not this account's to read, or open to others.</summary>
    public IReadOnlyList<SealedCredential> Read(out StateException? unreadable)
    {
        List<SealedCredential> records = [];
        unreadable = null;
        foreach (string path in Paths())
        {
            try
            {
                if (TryRead(path) is { } record) records.Add(record);
                // One that was deleted a moment ago is not damaged.
                else if (File.Exists(path)) unreadable ??= new StateException(StateError.Corrupted, path, NoticeWords.English.Texts.Fill(Problem, path));
            }
            catch (StateException failure)
            {
                unreadable ??= new StateException(failure.Error, path, NoticeWords.English.Texts.Fill(Problem, path), failure);
            }
        }
        return records;
    }

    /// <summary>The record of an account; null when there is none.</summary>
    public SealedCredential? Find(string user)
    {
        string path = PathOf(user);
        if (!File.Exists(path)) return null;
        return TryRead(path) is { } record && IsSame(record.User, user) ? record : new SealedCredential(user, true, [], []);
    }

    public void Write(string user, ReadOnlyMemory<byte> record)
    {
        string path = PathOf(user);
        if (!File.Exists(path) && Paths().Count() >= MaxAccounts) throw new StateException(StateError.NotWritable, path, "Passwords of more accounts than a grant may have are stored. Delete one that is not needed.");
        PrivateFile.Write(path, record);
    }

    public bool Delete(string user) => FileFault.Run(grantDirectory, () =>
    {
        string path = PathOf(user);
        bool isThere = File.Exists(path);
        File.Delete(path);
        return isThere;
    });

    /// <summary>Deletes them all, and what a write that was cut short left.</summary>
    /// <returns>How many there were.</returns>
    public int DeleteAll() => FileFault.Run(grantDirectory, () =>
    {
        if (!Directory.Exists(grantDirectory)) return 0;
        int count = Paths().Count();
        foreach (string path in Directory.EnumerateFiles(grantDirectory, Prefix + "*").ToArray()) File.Delete(path);
        return count;
    });

    /// <summary>Windows' accounts are told apart without case, and no two of this computer differ in it alone.</summary>
    public static bool IsSame(string user, string other) => string.Equals(user, other, StringComparison.OrdinalIgnoreCase);

    private static SealedCredential? TryRead(string path)
    {
        try
        {
            return SealedCredential.TryRead(PrivateFile.Read(path, SealedCredential.MaxLength));
        }
        catch (StateException error) when (error.Error is StateError.Corrupted or StateError.Missing)
        {
            return null;
        }
    }

    private IEnumerable<string> Paths() => Directory.Exists(grantDirectory)
        ? Directory.EnumerateFiles(grantDirectory, Prefix + "*").Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        : [];

    private string PathOf(string user) =>
        Path.Combine(grantDirectory, Prefix + Convert.ToHexStringLower(SHA256.HashData(PlainText.Utf8.GetBytes(user.ToUpperInvariant())).AsSpan(0, 16)));
}
