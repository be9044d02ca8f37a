using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The support provider's side of trust in a private directory: the tenant's key and one technician's. Enough for a provider without a broker;
/// whoever has the directory is the tenant. Thread-safe.
/// </summary>
public sealed class TenantIdentity : IDisposable
{
    private const string TenantKeyFile = "tenant.key", TechnicianKeyFile = "technician.key";
    private readonly EcdsaSigningKey tenant;
    private readonly EcdsaSigningKey technician;

    private TenantIdentity(EcdsaSigningKey tenant, EcdsaSigningKey technician)
    {
        this.tenant = tenant;
        this.technician = technician;
        PublicKey = tenant.PublicKey.ToArray();
    }

    /// <summary>The tenant's key, 65 bytes: what a grant is made out to.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The technician's signing key; it belongs to this object.</summary>
    public ISigningKey TechnicianKey => technician;

    /// <summary>Makes both keys in a new or empty directory, readable by this account only.</summary>
    /// <exception cref="StateException">The directory is not empty, exposed or not writable.</exception>
    public static TenantIdentity Create(string directory)
    {
        directory = Path.GetFullPath(directory);
        if (new FileInfo(directory).LinkTarget is null && !Directory.Exists(directory)) PrivateFile.CreateDirectory(directory);
        PrivateFile.RequirePrivateDirectory(directory);
        if (FileFault.Run(directory, () => Directory.EnumerateFileSystemEntries(directory).Any()))
            throw new StateException(StateError.NotWritable, directory, $"{directory} is not empty. Keys are never replaced; name a new directory.");
        EcdsaSigningKey tenant = KeyFile.Create(Path.Combine(directory, TenantKeyFile));
        return new TenantIdentity(tenant, KeyFile.Create(Path.Combine(directory, TechnicianKeyFile)));
    }

    /// <summary>Loads what <see cref="Create"/> made.</summary>
    /// <exception cref="StateException">Missing, damaged, or open to other accounts.</exception>
    public static TenantIdentity Open(string directory)
    {
        directory = Path.GetFullPath(directory);
        PrivateFile.RequirePrivateDirectory(directory);
        EcdsaSigningKey tenant = KeyFile.Load(Path.Combine(directory, TenantKeyFile));
        return new TenantIdentity(tenant, KeyFile.Load(Path.Combine(directory, TechnicianKeyFile)));
    }

    /// <summary>Certifies the technician's key, from now for <see cref="TechnicianCertificate.DefaultLifetime"/>.</summary>
    /// <param name="technicianName">1 to 255 UTF-8 bytes without control characters; customers see it.</param>
    /// <param name="maxOperations">The most a session with it may do.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="ArgumentException">A name or operation outside the range.</exception>
    public TechnicianCertificate IssueCertificate(string technicianName, Operations maxOperations, DateTimeOffset now) => TechnicianCertificate.Sign(
        tenant,
        RandomNumberGenerator.GetBytes(16),
        technician.PublicKey,
        technicianName,
        now,
        now + TechnicianCertificate.DefaultLifetime,
        maxOperations);

    /// <summary>Signs what the computer has signed; only both signatures make a grant.</summary>
    /// <exception cref="ArgumentException">The draft is made out to another tenant.</exception>
    public Grant Countersign(GrantDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft.Countersign(tenant);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        tenant.Dispose();
        technician.Dispose();
    }
}
