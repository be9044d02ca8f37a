using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// The grants of this computer, one directory each, named by the grant's id. Everything that can change is read from the disk at each
/// question, because another process may have changed it. Who writes holds the state lock. Thread-safe.
/// </summary>
internal sealed class GrantStore(StateDirectory state, ReadOnlyMemory<byte> hostKey, TimeProvider time, Guid boot)
{
    private const string GrantFile = "grant", NicknameFile = "nickname", VerifierFile = "verifier", StatusFile = "status",
        GuessesFile = "guesses", ResumeFile = "resume", AttemptFile = "attempt", CredentialsFile = "credentials", WithdrawnFile = "withdrawn";

    private const string UnfinishedPrefix = ".new-", ReplacedMark = "-for-";
    private readonly VerifiedGrants verified = new();

    /// <summary>Names of all grants, damaged ones too.</summary>
    public IReadOnlyList<string> Names => FileFault.Run(state.Grants, () =>
        Directory.EnumerateDirectories(state.Grants).Select(path => Path.GetFileName(path)).Where(IsName).Order(StringComparer.Ordinal).ToArray());

    public static string NameOf(ReadOnlySpan<byte> grantId) => Convert.ToHexStringLower(grantId);

    /// <summary>Removes what an interrupted installation left, and completes a replacement that counts already; the caller holds the state lock.</summary>
    public static void RemoveUnfinished(StateDirectory state) => FileFault.Run(state.Grants, () =>
    {
        foreach (string path in Directory.EnumerateDirectories(state.Grants, UnfinishedPrefix + "*"))
        {
            string[] names = Path.GetFileName(path)[UnfinishedPrefix.Length..].Split(ReplacedMark);
            if (names is [var name, var replaced] && IsName(name) && IsName(replaced) && IsReplaced(state, replaced, name)) Directory.Move(path, Path.Combine(state.Grants, name));
            else Directory.Delete(path, recursive: true);
        }
    });

    /// <summary>The grant as it is now, or null when this computer has none of that id.</summary>
    /// <exception cref="StateException">It is damaged, exposed, or not this computer's.</exception>
    public StoredGrant? Find(ReadOnlySpan<byte> grantId) => grantId.Length == GrantFormat.IdLength ? Find(NameOf(grantId)) : null;

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public StoredGrant? Find(string name)
    {
        string directory = Path.Combine(state.Grants, name);
        if (!IsName(name) || !Directory.Exists(directory)) return null;
        PrivateFile.RequirePrivateDirectory(directory);
        return Read(directory, name);
    }

    /// <summary>As <see cref="Find(string)"/>, where the directories above were just looked at: <see cref="PrivateFile.RequirePrivateDirectory"/> of the one of all grants.</summary>
    public StoredGrant? FindBelow(string name)
    {
        string directory = Path.Combine(state.Grants, name);
        return IsName(name) && PrivateFile.RequirePrivateLeaf(directory) ? Read(directory, name) : null;
    }

    /// <summary>Verifies the signatures of all grants on all processors, so that reading them afterwards is cheap. Says nothing: whoever reads one sees what is wrong with it.</summary>
    public void VerifyAll() => Parallel.ForEach<string, OpenedKeys>(Names, static () => new OpenedKeys(), (name, loop, keys) =>
    {
        try
        {
            _ = verified.TryRead(PrivateFile.ReadNoSecret(Path.Combine(state.Grants, name, GrantFile), GrantFormat.MaxLength), keys.Verify, out Grant? _);
        }
        catch (StateException)
        {
            return keys;
        }
        return keys;
    }, static keys => keys.Dispose());

    private StoredGrant Read(string directory, string name)
    {
        Grant grant = ReadGrant(directory, name);
        if (!PlainText.TryDecode(PrivateFile.ReadNoSecret(Path.Combine(directory, NicknameFile), Nickname.MaxLength * 4), Nickname.MaxLength * 4, out string nickname))
            throw new StateException(StateError.Corrupted, directory, $"The nickname in {directory} is damaged.");
        return new StoredGrant(grant, nickname, GrantStatus.ReadRevoked(Path.Combine(directory, StatusFile), name))
        {
            Withdrawn = GrantWithdrawals.Read(Path.Combine(directory, WithdrawnFile), name),
        };
    }

    /// <summary>What <see cref="Find(ReadOnlySpan{byte})"/> reads of a grant: its directory and files.</summary>
    public IEnumerable<string> FilesOf(ReadOnlySpan<byte> grantId)
    {
        string directory = Path.Combine(state.Grants, NameOf(grantId));
        return [directory, Path.Combine(directory, GrantFile), Path.Combine(directory, NicknameFile), Path.Combine(directory, StatusFile), Path.Combine(directory, WithdrawnFile)];
    }

    /// <summary>Makes the grant usable, all of it or nothing; the caller holds the state lock. False when the id is already there.</summary>
    public bool Install(Grant grant, AccessVerifier verifier, string nickname)
    {
        string name = NameOf(grant.Id.Span);
        string final = Path.Combine(state.Grants, name), unfinished = Path.Combine(state.Grants, UnfinishedPrefix + name);
        if (Directory.Exists(final)) return false;
        return FileFault.Run(final, () =>
        {
            Write(unfinished, grant, verifier, nickname);
            Directory.Move(unfinished, final);
            return true;
        });
    }

    /// <summary>
    /// Puts a grant in another's place; the caller holds the state lock and has seen that the id is new. What counts is the old one's revocation, which names the new one: when it
    /// is cut off before, nothing has happened, and after, <see cref="RemoveUnfinished"/> completes it. Both are never in force.
    /// </summary>
    public void Replace(StoredGrant old, Grant grant, AccessVerifier verifier)
    {
        string name = NameOf(grant.Id.Span), oldName = NameOf(old.Grant.Id.Span);
        string final = Path.Combine(state.Grants, name), unfinished = Path.Combine(state.Grants, UnfinishedPrefix + name + ReplacedMark + oldName);
        FileFault.Run(final, () =>
        {
            Write(unfinished, grant, verifier, old.Nickname);
            // Another code gives nothing back.
            if (old.Withdrawn.Operations != Operations.None) GrantWithdrawals.Write(Path.Combine(unfinished, WithdrawnFile), name, old.Withdrawn.Operations);
            GrantStatus.WriteRevoked(PathOf(old.Grant, StatusFile), oldName, time.GetUtcNow(), grant.Id.Span);
            Directory.Move(unfinished, final);
            File.Delete(PathOf(old.Grant, VerifierFile));
            _ = new CredentialFiles(Path.Combine(state.Grants, oldName)).DeleteAll();
        });
    }

    private static void Write(string directory, Grant grant, AccessVerifier verifier, string nickname)
    {
        string name = NameOf(grant.Id.Span);
        PrivateFile.CreateDirectory(directory);
        PrivateFile.Create(Path.Combine(directory, GrantFile), grant.Encoded.Span);
        PrivateFile.Create(Path.Combine(directory, NicknameFile), Encoding.UTF8.GetBytes(nickname));
        VerifierRecord.Create(Path.Combine(directory, VerifierFile), grant, verifier);
        GuessCounter.Create(Path.Combine(directory, GuessesFile), name);
        ResumeTokens.Create(Path.Combine(directory, ResumeFile), name);
        PrivateFile.Create(Path.Combine(directory, AttemptFile), []);
        GrantStatus.Create(Path.Combine(directory, StatusFile), name);
    }

    private static bool IsReplaced(StateDirectory state, string oldName, string name)
    {
        string status = Path.Combine(state.Grants, oldName, StatusFile);
        return File.Exists(status) && !Directory.Exists(Path.Combine(state.Grants, name)) && GrantStatus.IsSupersededBy(status, oldName, Convert.FromHexString(name));
    }

    /// <summary>Revokes for ever, on the disk when it returns; the caller holds the state lock. False when it already was.</summary>
    public bool Revoke(StoredGrant stored)
    {
        string name = NameOf(stored.Grant.Id.Span), directory = Path.Combine(state.Grants, name);
        if (stored.IsRevoked) return false;
        GrantStatus.WriteRevoked(Path.Combine(directory, StatusFile), name, time.GetUtcNow());
        FileFault.Run(directory, () => File.Delete(Path.Combine(directory, VerifierFile)));
        _ = new CredentialFiles(directory).DeleteAll();
        return true;
    }

    /// <summary>What the grant does not allow for now, on the disk when it returns; the caller holds the state lock.</summary>
    public void Withdraw(Grant grant, Operations withdrawn) => GrantWithdrawals.Write(PathOf(grant, WithdrawnFile), NameOf(grant.Id.Span), withdrawn);

    /// <summary>Removes a grant whose time is over for good, all of it or nothing that counts; the caller holds the state lock.</summary>
    public void Remove(Grant grant)
    {
        string name = NameOf(grant.Id.Span), directory = Path.Combine(state.Grants, name), unfinished = Path.Combine(state.Grants, UnfinishedPrefix + name);
        FileFault.Run(directory, () =>
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            Directory.Move(directory, unfinished);
            Directory.Delete(unfinished, recursive: true);
        });
    }

    /// <summary>Loads the verifier; the caller disposes it.</summary>
    public AccessVerifier LoadVerifier(Grant grant) => VerifierRecord.Load(PathOf(grant, VerifierFile), grant);

    public GuessCounter Guesses(Grant grant) => new(PathOf(grant, GuessesFile), NameOf(grant.Id.Span), time, boot);

    public ResumeTokens Resumes(Grant grant) => new(PathOf(grant, ResumeFile), NameOf(grant.Id.Span), time);

    public CredentialTries CredentialTries(Grant grant) => new(state, PathOf(grant, CredentialsFile), NameOf(grant.Id.Span), time, boot);

    /// <summary>The right to run the one PAKE that a grant may have at a time, over all processes; null when it is taken.</summary>
    public SafeFileHandle? TryBeginAttempt(Grant grant) => FileLock.TryTake(PathOf(grant, AttemptFile));

    private static bool IsName(string name) => name.Length == GrantFormat.IdLength * 2 && name.All(char.IsAsciiHexDigitLower);

    private string PathOf(Grant grant, string file) => Path.Combine(state.Grants, NameOf(grant.Id.Span), file);

    private Grant ReadGrant(string directory, string name)
    {
        byte[] encoded = PrivateFile.ReadNoSecret(Path.Combine(directory, GrantFile), GrantFormat.MaxLength);
        if (!verified.TryRead(encoded, out Grant? grant) || NameOf(grant.Id.Span) != name || !grant.HostKey.Span.SequenceEqual(hostKey.Span))
            throw new StateException(StateError.Corrupted, directory, $"The grant in {directory} is not one that this computer signed under that name.");
        return grant;
    }
}

/// <summary>A grant as it stands on the disk at one moment.</summary>
internal sealed record StoredGrant(Grant Grant, string Nickname, DateTimeOffset? RevokedAt)
{
    public bool IsRevoked => RevokedAt is not null;

    /// <summary>What of it the customer took away for now.</summary>
    public WithdrawnOperations Withdrawn { get; init; }
}
