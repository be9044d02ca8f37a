using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>
/// The passwords that the customer stored on this computer for fill-in, one for each grant and account. They go in checked and never come out but to the
/// <see cref="ICredentialFiller"/>; none leaves the computer. Erased when their grant is revoked, replaced or over. Thread-safe.
/// </summary>
public sealed class CredentialVault : IAsyncDisposable
{
    /// <summary>No wrong password is answered sooner.</summary>
    internal static readonly TimeSpan RefusalFloor = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(30);

    private readonly GrantStore store;
    private readonly StateDirectory state;
    private readonly ReadOnlyMemory<byte> hostKey;
    private readonly TrustRecord record;
    private readonly TrustOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly PeriodicTimer? sweepTimer;
    private readonly Task sweeping;

    internal CredentialVault(GrantStore store, StateDirectory state, ReadOnlyMemory<byte> hostKey, TrustRecord record, TrustOptions options)
    {
        (this.store, this.state, this.hostKey, this.record, this.options, time) = (store, state, hostKey, record, options, options.TimeProvider);
        sweepTimer = options.Filling is null ? null : new PeriodicTimer(SweepPeriod, time);
        sweeping = sweepTimer is null ? Task.CompletedTask : SweepAsync(sweepTimer);
    }

    /// <summary>
    /// A stored password was not right any more and is deleted: the customer should be asked for the new one, when they are back at the computer. Raised on the session's thread,
    /// in the process that serves it; <see cref="List(ReadOnlyMemory{byte})"/> says so in every process.
    /// </summary>
    public event EventHandler? BecameStale;

    /// <summary>Tells the customer which account's password that was; before <see cref="BecameStale"/>.</summary>
    internal Action<string>? Forgotten { get; set; }

    /// <summary>Whether passwords can be stored here at all: they can be checked and sealed.</summary>
    public bool IsAvailable => options is { Filling: not null, AccountCheck: not null };

    /// <summary>Whether the agent itself can ask the person for one.</summary>
    internal bool CanAsk => IsAvailable && options is { Filling.Prompt: not null, Presence.Desk: not null };

    internal CredentialFilling? Filling => options.Filling;

    /// <summary>What is stored under a grant; empty when there is none, or no such grant.</summary>
    /// <param name="grantId">16 bytes.</param>
    /// <exception cref="StateException">One of them cannot be read: which file, and what to do.</exception>
    public IReadOnlyList<StoredCredential> List(ReadOnlyMemory<byte> grantId)
    {
        IReadOnlyList<StoredCredential> list = List(grantId, out StateException? unreadable);
        return unreadable is null ? list : throw unreadable;
    }

    /// <summary>The same of those that can be read.</summary>
    /// <param name="grantId">16 bytes.</param>
    /// <param name="unreadable">The record that cannot be, with its path and what to do; null when there is none.</param>
    /// <exception cref="StateException">The grant itself cannot be read.</exception>
    internal IReadOnlyList<StoredCredential> List(ReadOnlyMemory<byte> grantId, out StateException? unreadable)
    {
        unreadable = null;
        return store.Find(grantId.Span) is not { } stored || !IsLive(stored) ? [] : [.. Files(grantId).Read(out unreadable).Select(entry => new StoredCredential(entry.User, StateOf(entry)))];
    }

    /// <summary>
    /// Checks a password with the operating system and stores it for one grant and account, in the place of an older one. To be called with what the person typed into a window of this
    /// computer, never with something that came from elsewhere. Recorded before it is stored. One call at a time; others wait.
    /// </summary>
    /// <param name="grantId">16 bytes.</param>
    /// <param name="user">The account, as it logs on here; 1 to 256 UTF-8 bytes without control characters. The record names it.</param>
    /// <param name="password">1 to 1024 bytes of UTF-8 without 00; stays the caller's, who wipes it.</param>
    /// <param name="cancellationToken">Cancels before it is recorded.</param>
    /// <exception cref="ArgumentException">The name or the password cannot be one.</exception>
    /// <exception cref="StateException">It could not be recorded or stored; an older password is still there.</exception>
    public async ValueTask<CredentialEnrolment> StoreAsync(ReadOnlyMemory<byte> grantId, string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.Length == 0 || !PlainText.IsAcceptable(user, CredentialsGate.MaxUserBytes)) throw new ArgumentException("Not a name of an account.", nameof(user));
        if (password.Length is 0 or > CredentialsGate.MaxPasswordBytes || password.Span.Contains((byte)0)) throw new ArgumentException("Not a password.", nameof(password));
        if (options.Filling is not { } filling || options.AccountCheck is not { } accounts) return CredentialEnrolment.Unavailable;
        await oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!CanHave(grantId)) return CredentialEnrolment.NotForThisGrant;
            long start = time.GetTimestamp();
            CredentialEnrolment answer = await CheckAsync(accounts, user, password, cancellationToken).ConfigureAwait(false);
            if (answer != CredentialEnrolment.Stored)
            {
                TimeSpan rest = RefusalFloor - time.GetElapsedTime(start);
                if (rest > TimeSpan.Zero) await Task.Delay(rest, time, cancellationToken).ConfigureAwait(false);
                return answer;
            }
            return TrySeal(filling.Sealer, grantId, user, password) is { } sealedRecord ? await WriteAsync(grantId, user, sealedRecord, cancellationToken).ConfigureAwait(false) : CredentialEnrolment.Unavailable;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Deletes one stored password; gone before the ledger gets its entry.</summary>
    /// <param name="grantId">16 bytes.</param>
    /// <param name="user">The account.</param>
    /// <param name="by">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels nothing but the wait for the entry.</param>
    /// <returns>False when there was none.</returns>
    /// <exception cref="StateException">Not deleted; or, when the path names the ledger, deleted and not recorded.</exception>
    public async ValueTask<bool> ForgetAsync(ReadOnlyMemory<byte> grantId, string user, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        OnSiteConsent.ValidateName(by);
        using (state.Lock())
        {
            if (store.Find(grantId.Span) is null || !Files(grantId).Delete(user)) return false;
        }
        await record.WriteLastAsync(TrustEvents.CredentialErased(grantId, TrustEvents.Customer(by), user, 1, "Forgotten"), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes everything that is stored, under all grants: for the product's uninstaller, and for a person who wants none of it any more. Gone before the ledger gets its entry.</summary>
    /// <param name="by">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels nothing but the wait for the entry.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="StateException">Not all deleted; or, when the path names the ledger, deleted and not recorded.</exception>
    public async ValueTask<int> EraseAsync(string by, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(by);
        int count = 0;
        using (state.Lock())
        {
            foreach (string name in store.Names) count += Files(name).DeleteAll();
        }
        if (count > 0) await record.WriteLastAsync(TrustEvents.CredentialErased(default, TrustEvents.Customer(by), "", count, "AllErased"), cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Ends the looking for grants whose time is over.</summary>
    public async ValueTask DisposeAsync()
    {
        sweepTimer?.Dispose();
        await sweeping.ConfigureAwait(false);
        oneAtATime.Dispose();
    }

    /// <summary>Whose password would be filled in: the account's whose session is locked; or, where nobody is logged on, the only one there is.</summary>
    internal (string User, StoredCredentialState State) Look(ReadOnlyMemory<byte> grantId, string? lockedUser)
    {
        if (lockedUser is not null) return (lockedUser, Files(grantId).Find(lockedUser) is { } entry ? StateOf(entry) : StoredCredentialState.None);
        return Files(grantId).Read() is [var only] ? (only.User, StateOf(only)) : ("", StoredCredentialState.None);
    }

    /// <summary>The password, the caller's to wipe; null when the record is not one that was made here for this grant and account.</summary>
    internal byte[]? TryOpen(ReadOnlyMemory<byte> grantId, string user)
    {
        try
        {
            return options.Filling is { } filling ? Files(grantId).Find(user)?.TryOpen(grantId.Span, hostKey.Span, filling.Sealer) : null;
        }
        catch (Exception error) when (error is not StateException)
        {
            Log.SealerFailed(options.Logger, error.GetType().Name);
            return null;
        }
    }

    /// <summary>Deletes the password, and keeps that there was one.</summary>
    internal void MakeStale(ReadOnlyMemory<byte> grantId, string user)
    {
        using (state.Lock()) Files(grantId).Write(user, SealedCredential.EncodeStale(user));
        Forgotten?.Invoke(user);
        try
        {
            BecameStale?.Invoke(this, EventArgs.Empty);
        }
        catch (Exception error)
        {
            Log.StaleHandlerFailed(options.Logger, error);
        }
    }

    /// <summary>Erases what is stored under grants that are revoked, over, damaged or gone.</summary>
    internal async ValueTask SweepAsync()
    {
        foreach (string name in store.Names)
        {
            int count = 0;
            try
            {
                using (state.Lock())
                {
                    if (!IsLive(name)) count = Files(name).DeleteAll();
                }
                if (count > 0) await record.WriteLastAsync(TrustEvents.CredentialErased(Convert.FromHexString(name), TrustEvents.Agent(), "", count, "GrantOver"), CancellationToken.None).ConfigureAwait(false);
            }
            catch (StateException error)
            {
                Log.SweepFailed(options.Logger, error);
            }
        }
    }

    private static StoredCredentialState StateOf(SealedCredential entry) => entry.IsStale ? StoredCredentialState.Stale : StoredCredentialState.Stored;

    private async Task SweepAsync(PeriodicTimer timer)
    {
        do
        {
            try
            {
                await SweepAsync().ConfigureAwait(false);
            }
            catch (StateException error)
            {
                // What cannot be read now is looked at again.
                Log.SweepFailed(options.Logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false));
    }

    internal bool CanHave(ReadOnlyMemory<byte> grantId) =>
        store.Find(grantId.Span) is { } stored && !stored.Grant.IsAttended && stored.Grant.MaxOperations.HasFlag(Operations.FillCredential) && IsLive(stored);

    private bool IsLive(StoredGrant stored) => !stored.IsRevoked && time.GetUtcNow() < stored.Grant.NotAfter;

    private bool IsLive(string name)
    {
        try
        {
            return store.Find(name) is { } stored && IsLive(stored);
        }
        catch (StateException error) when (error.Error == StateError.Corrupted)
        {
            return false;
        }
    }

    private async ValueTask<CredentialEnrolment> CheckAsync(IAccountCheck accounts, string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        try
        {
            return await accounts.CheckAsync(user, password, cancellationToken).ConfigureAwait(false) switch
            {
                AccountAnswer.Accepted => CredentialEnrolment.Stored,
                AccountAnswer.WrongCredentials or AccountAnswer.Expired or AccountAnswer.NotAllowed => CredentialEnrolment.WrongCredentials,
                _ => CredentialEnrolment.Unavailable,
            };
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The kind only: nobody knows what a vendor's message quotes.
            Log.AccountCheckFailed(options.Logger, error.GetType().Name);
            return CredentialEnrolment.Unavailable;
        }
    }

    private byte[]? TrySeal(ISecretSealer sealer, ReadOnlyMemory<byte> grantId, string user, ReadOnlyMemory<byte> password)
    {
        try
        {
            return SealedCredential.Seal(user, password.Span, grantId.Span, hostKey.Span, sealer);
        }
        catch (Exception error)
        {
            Log.SealerFailed(options.Logger, error.GetType().Name);
            return null;
        }
    }

    private async ValueTask<CredentialEnrolment> WriteAsync(ReadOnlyMemory<byte> grantId, string user, byte[] sealedRecord, CancellationToken cancellationToken)
    {
        await record.WriteAsync(TrustEvents.CredentialStored(grantId, user), cancellationToken).ConfigureAwait(false);
        using (state.Lock())
        {
            // Somebody may have revoked it while the password was checked.
            if (!CanHave(grantId)) return CredentialEnrolment.NotForThisGrant;
            Files(grantId).Write(user, sealedRecord);
        }
        return CredentialEnrolment.Stored;
    }

    private CredentialFiles Files(ReadOnlyMemory<byte> grantId) => Files(GrantStore.NameOf(grantId.Span));

    private CredentialFiles Files(string name) => new(Path.Combine(state.Grants, name));
}
