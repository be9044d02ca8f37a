using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>All grants at one moment, for people and for the gate's question which tenants there are.</summary>
internal static class GrantOverview
{
    /// <summary>Every grant with its state. Reading a counter also starts a delay anew that a reboot interrupted.</summary>
    public static IReadOnlyList<GrantSummary> Read(GrantStore store, StateDirectory state, DateTimeOffset now) => [.. store.Names.Select(name =>
    {
        try
        {
            using (state.Lock()) return Summarise(store, name, now);
        }
        catch (StateException)
        {
            return Damaged(name);
        }
    })];

    /// <summary>The key of a tenant with a grant under which somebody might get in, now or once its time begins.</summary>
    public static bool TryFindTenant(GrantStore store, DateTimeOffset now, ILogger logger, ReadOnlySpan<byte> tenantId, Span<byte> tenantKey)
    {
        foreach (Grant grant in Current(store, now, logger))
        {
            if (!WireIdentity.Tenant(grant.TenantKey.Span).AsSpan().SequenceEqual(tenantId)) continue;
            grant.TenantKey.Span.CopyTo(tenantKey);
            return true;
        }
        return false;
    }

    private static IEnumerable<Grant> Current(GrantStore store, DateTimeOffset now, ILogger logger)
    {
        foreach (string name in store.Names)
        {
            StoredGrant? stored = null;
            try
            {
                stored = store.Find(name);
            }
            catch (StateException exception)
            {
                Log.GrantUnreadable(logger, name, exception);
            }
            if (stored is { IsRevoked: false } && now < stored.Grant.NotAfter) yield return stored.Grant;
        }
    }

    private static GrantSummary Summarise(GrantStore store, string name, DateTimeOffset now)
    {
        if (store.Find(name) is not { } stored) return Damaged(name);
        GuessCounter guesses = store.Guesses(stored.Grant);
        Lockout lockout = guesses.ReadLockout();
        return new GrantSummary
        {
            Id = stored.Grant.Id,
            State = StateOf(stored, guesses.Read(), lockout, now),
            Nickname = stored.Nickname,
            Grant = stored.Grant,
            RevokedAt = stored.RevokedAt,
            FailedAttempts = guesses.Read().Run,
            RetryAfter = lockout.Remaining,
            NeedsUnlock = lockout.NeedsUnlock,
        };
    }

    private static GrantState StateOf(StoredGrant stored, GuessRecord guesses, Lockout lockout, DateTimeOffset now)
    {
        if (stored.IsRevoked) return GrantState.Revoked;
        if (now >= stored.Grant.LastEntry || (stored.Grant.IsAttended && guesses.IsSpent)) return GrantState.Expired;
        if (lockout.IsActive) return GrantState.LockedOut;
        return now < stored.Grant.NotBefore ? GrantState.NotYet : GrantState.Live;
    }

    private static GrantSummary Damaged(string name) =>
        new() { Id = Convert.FromHexString(name), State = GrantState.Damaged, Nickname = "", Grant = null };
}
