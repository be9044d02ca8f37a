using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Which tenants have a grant under which somebody might get in: a question that anybody on the network can have asked, before anything is known about them. So it reads one
/// grant, however many there are. Whose a grant is and until when never changes: each is read once and remembered (some 300 bytes), and a revoked one never again. Names are
/// listed anew when the system says that the directory changed, for a while after that, and every 10 s, as <see cref="WatchedGrant"/> does. Yes is always said by what the
/// disk holds now; a no can be late by those 10 s only for a grant that was damaged and is repaired in its place. Thread-safe.
/// </summary>
internal sealed class TenantIndex(GrantStore store, StateDirectory state, TimeProvider time, ILogger logger)
{
    /// <summary>How many grants that could not be read are tried again at a time.</summary>
    public const int MaxRetries = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<string, KnownGrant> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TenantGrants> tenants = new(StringComparer.Ordinal);
    private Queue<string> unreadable = new();
    private FileStamp listed;
    private long changedAt;
    private long listedAt;
    private bool isListed;

    /// <summary>Takes over what was just read of all grants, so that the first stranger does not pay for reading them.</summary>
    public void Learn(IEnumerable<GrantSummary> grants)
    {
        lock (gate)
        {
            foreach (GrantSummary summary in grants)
            {
                string name = GrantStore.NameOf(summary.Id.Span);
                if (!known.ContainsKey(name)) Remember(name, summary.Grant, summary.State == GrantState.Revoked);
            }
        }
    }

    /// <summary>The key of a tenant with a grant that is not revoked and whose time is not over.</summary>
    /// <exception cref="StateException">The directory cannot be read.</exception>
    public bool TryFind(ReadOnlySpan<byte> tenantId, Span<byte> tenantKey)
    {
        lock (gate)
        {
            if (IsListDue()) List();
            if (!tenants.TryGetValue(Convert.ToHexStringLower(tenantId), out TenantGrants? tenant)) return false;
            DateTimeOffset now = time.GetUtcNow();
            // The last to expire comes first: when its time is over that of all is.
            while (tenant.Open.Max is { Name: not null } last && now < last.NotAfter)
            {
                if (IsOpen(last.Name))
                {
                    tenant.Key.Span.CopyTo(tenantKey);
                    return true;
                }
                tenant.Open.Remove(last);
            }
            return false;
        }
    }

    private bool IsListDue()
    {
        // Stamps before content: what changes in between is noticed the next time.
        FileStamp now = FileFault.Run(state.Grants, () => FileStamp.Of(state.Grants));
        long timestamp = time.GetTimestamp();
        if (!isListed || now != listed) changedAt = timestamp;
        listed = now;
        return changedAt == timestamp || time.GetElapsedTime(changedAt, timestamp) <= WatchedGrant.Unsettled || time.GetElapsedTime(listedAt, timestamp) >= WatchedGrant.ReadAnyway;
    }

    private void List()
    {
        isListed = false;
        IReadOnlyList<string> names = store.Names;
        Forget(names);
        for (int left = Math.Min(MaxRetries, unreadable.Count); left > 0; left--) Read(unreadable.Dequeue(), isNew: false);
        foreach (string name in names)
        {
            if (!known.ContainsKey(name)) Read(name, isNew: true);
        }
        isListed = true;
        listedAt = time.GetTimestamp();
    }

    private void Forget(IReadOnlyList<string> names)
    {
        var there = names.ToHashSet(StringComparer.Ordinal);
        string[] gone = [.. known.Keys.Where(name => !there.Contains(name))];
        foreach (string name in gone) Forget(name);
        if (gone.Length > 0) unreadable = new Queue<string>(unreadable.Where(there.Contains));
    }

    private void Forget(string name)
    {
        if (!known.Remove(name, out KnownGrant grant) || grant.Tenant is not { } tenant) return;
        tenant.Open.Remove(new OpenGrant(grant.NotAfter, name));
        if (--tenant.Count == 0) tenants.Remove(tenant.Id);
    }

    private void Read(string name, bool isNew)
    {
        try
        {
            if (store.Find(name) is { } stored) Remember(name, stored.Grant, stored.IsRevoked);
        }
        catch (StateException exception)
        {
            // Once, not at each question: whoever asks would fill the log.
            if (isNew) Log.GrantUnreadable(logger, name, exception);
            Remember(name, null, false);
        }
    }

    /// <summary>Whether the disk says so now.</summary>
    private bool IsOpen(string name)
    {
        try
        {
            if (store.Find(name) is { } stored) return !stored.IsRevoked;
            // Gone since it was listed; should it come back, it is new.
            Forget(name);
            return false;
        }
        catch (StateException exception)
        {
            Log.GrantUnreadable(logger, name, exception);
            Forget(name);
            Remember(name, null, false);
            return false;
        }
    }

    private void Remember(string name, Grant? grant, bool isRevoked)
    {
        if (grant is null)
        {
            known[name] = default;
            unreadable.Enqueue(name);
            return;
        }
        string id = Convert.ToHexStringLower(grant.TenantId);
        if (!tenants.TryGetValue(id, out TenantGrants? tenant)) tenants[id] = tenant = new TenantGrants(id, grant.TenantKey.ToArray());
        known[name] = new KnownGrant(tenant, grant.NotAfter);
        tenant.Count++;
        if (!isRevoked) tenant.Open.Add(new OpenGrant(grant.NotAfter, name));
    }

    /// <summary>A tenant, how many grants here are its, and those of them that are not known to be revoked.</summary>
    private sealed class TenantGrants(string id, ReadOnlyMemory<byte> key)
    {
        public string Id => id;

        public ReadOnlyMemory<byte> Key => key;

        public int Count { get; set; }

        public SortedSet<OpenGrant> Open { get; } = [];
    }

    /// <summary>The default when it could not be read.</summary>
    private readonly record struct KnownGrant(TenantGrants? Tenant, DateTimeOffset NotAfter);

    private readonly record struct OpenGrant(DateTimeOffset NotAfter, string Name) : IComparable<OpenGrant>
    {
        public int CompareTo(OpenGrant other) => NotAfter.CompareTo(other.NotAfter) is var order and not 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}
