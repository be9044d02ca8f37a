using System.Text;
using Microsoft.Extensions.Logging;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Storing a password for fill-in, and everything that deletes it.</summary>
public sealed class CredentialVaultTests : IAsyncDisposable
{
    private const string Right = "Hühnersuppe-4711";
    private readonly TrustFixture fixture = new();
    private readonly KeyedSealer sealer = new();
    private readonly FakeLogon logon = new();
    private readonly OnePassword accounts = new("erika", Right);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_Right_IsCheckedRecordedAndThenStored()
    {
        TrustFlow trust = Open();
        Grant grant = await GrantAsync(trust);
        accounts.Asked = () => Assert.Empty(TrustFixture.History(trust, "credential.stored"));

        Assert.Equal(CredentialEnrolment.Stored, await StoreAsync(trust, grant));

        Assert.Equal([new StoredCredential("erika", StoredCredentialState.Stored)], trust.StoredCredentials.List(grant.Id));
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "credential.stored"));
        Assert.Equal("erika", (string?)entry.Data()["user"]);
        Assert.Contains("\"erika\"", HistoryLine.Describe(entry), StringComparison.Ordinal);
        byte[] opened = trust.StoredCredentials.TryOpen(grant.Id, "ERIKA") ?? throw new InvalidOperationException("Not opened.");
        Assert.Equal(Right, Encoding.UTF8.GetString(opened));
        AssertNowhere(Right);
        // Every record is as long as every other: the length says nothing.
        long length = new FileInfo(RecordOf(grant)).Length;
        (accounts.Asked, accounts.Answer) = (() => { }, AccountAnswer.Accepted);
        Assert.Equal(CredentialEnrolment.Stored, await StoreAsync(trust, grant, "x"));
        Assert.Equal(length, new FileInfo(RecordOf(grant)).Length);
        Assert.Equal("x", Encoding.UTF8.GetString(trust.StoredCredentials.TryOpen(grant.Id, "erika")!));
    }

    [Theory]
    [InlineData(AccountAnswer.WrongCredentials, CredentialEnrolment.WrongCredentials)]
    [InlineData(AccountAnswer.Expired, CredentialEnrolment.WrongCredentials)]
    [InlineData(AccountAnswer.NotAllowed, CredentialEnrolment.WrongCredentials)]
    [InlineData(AccountAnswer.Unavailable, CredentialEnrolment.Unavailable)]
    [InlineData((AccountAnswer)77, CredentialEnrolment.Unavailable)]
    public async Task Store_NotAccepted_StoresNothingAndWaits(AccountAnswer said, CredentialEnrolment expected)
    {
        TrustFlow trust = Open();
        Grant grant = await GrantAsync(trust);
        accounts.Answer = said;
        int timers = fixture.Time.PendingTimers;
        Task<CredentialEnrolment> storing = StoreAsync(trust, grant);
        await TrustFixture.EventuallyAsync(() => storing.IsCompleted || fixture.Time.PendingTimers > timers ? "waits" : null);
        fixture.Time.Advance(CredentialVault.RefusalFloor - TimeSpan.FromTicks(1));
        Assert.False(storing.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(expected, await storing);
        Assert.Empty(trust.StoredCredentials.List(grant.Id));
        Assert.Empty(TrustFixture.History(trust, "credential.stored"));
    }

    [Fact]
    public async Task Store_GrantThatMayNotHaveIt_IsNotEvenChecked()
    {
        TrustFlow trust = Open();
        Grant without = await fixture.GrantAsync(trust, fixture.Terms(Operations.ViewScreen));
        Grant revoked = await GrantAsync(trust), expired = await GrantAsync(trust);
        await trust.RevokeAsync(revoked.Id, "Erika", Cancel);
        accounts.Asked = () => throw new InvalidOperationException("It was asked.");

        foreach (Grant grant in (Grant[])[without, revoked]) Assert.Equal(CredentialEnrolment.NotForThisGrant, await StoreAsync(trust, grant));
        fixture.Time.ShiftWallClock(TimeSpan.FromDays(31));
        Assert.Equal(CredentialEnrolment.NotForThisGrant, await StoreAsync(trust, expired));
        Assert.Equal(CredentialEnrolment.NotForThisGrant, await trust.StoredCredentials.StoreAsync(new byte[16], "erika", Encoding.UTF8.GetBytes(Right), Cancel));
        Assert.Equal(CredentialEnrolment.Unavailable, await StoreAsync(fixture.Open(), expired));
    }

    [Fact]
    public async Task Store_RevokedWhileItIsChecked_StoresNothing()
    {
        TrustFlow trust = Open(), other = Open();
        Grant grant = await GrantAsync(trust);
        accounts.Asked = () => other.RevokeAsync(grant.Id, "Erika", Cancel).AsTask().GetAwaiter().GetResult();

        Assert.Equal(CredentialEnrolment.NotForThisGrant, await StoreAsync(trust, grant));
        Assert.Empty(Records(grant));
    }

    [Fact]
    public async Task Store_WhatCannotBe_IsAnErrorOfTheCaller()
    {
        TrustFlow trust = Open();
        Grant grant = await GrantAsync(trust);
        foreach ((string user, byte[] password) in ((string, byte[])[])[("", [1]), ("a\nb", [1]), ("erika", []), ("erika", new byte[1025]), ("erika", [65, 0, 66])])
        {
            ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () => await trust.StoredCredentials.StoreAsync(grant.Id, user, password, Cancel));
            Assert.DoesNotContain("A", error.Message[..3], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Store_SealerFails_SaysUnavailableAndOnlyItsKind()
    {
        var log = new KeptLines();
        TrustFlow trust = Open(log);
        Grant grant = await GrantAsync(trust);
        sealer.Fault = new InvalidOperationException($"cannot seal {Right}");

        Assert.Equal(CredentialEnrolment.Unavailable, await StoreAsync(trust, grant));
        Assert.Empty(Records(grant));
        Assert.Contains("InvalidOperationException", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Right, log.Text, StringComparison.Ordinal);
        AssertNowhere(Right);
    }

    [Fact]
    public async Task Record_ChangedAnywhere_IsRefused()
    {
        TrustFlow trust = Open();
        Grant grant = await GrantAsync(trust);
        await StoreAsync(trust, grant);
        string path = RecordOf(grant);
        byte[] good = File.ReadAllBytes(path);
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bad = [.. good];
            bad[at] ^= 1;
            File.WriteAllBytes(path, bad);
            Assert.True(trust.StoredCredentials.TryOpen(grant.Id, "erika") is null, $"byte {at}");
        }
        File.WriteAllBytes(path, good);
        Assert.NotNull(trust.StoredCredentials.TryOpen(grant.Id, "erika"));
    }

    /// <summary>Whatever a power cut leaves of a record is none, or the old one.</summary>
    [Fact]
    public async Task Record_CutShortByAPowerLoss_IsStaleAndAWriteBesideItLeavesTheOld()
    {
        TrustFlow trust = Open();
        Grant grant = await GrantAsync(trust);
        await StoreAsync(trust, grant);
        string path = RecordOf(grant);
        byte[] good = File.ReadAllBytes(path);
        // The new record's temporary file, cut off before the rename.
        File.WriteAllBytes(path + ".0011223344556677.tmp", good[..100]);
        Assert.Equal([new StoredCredential("erika", StoredCredentialState.Stored)], trust.StoredCredentials.List(grant.Id));
        for (int length = 0; length < good.Length; length += length < 80 ? 1 : 97)
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.Null(trust.StoredCredentials.TryOpen(grant.Id, "erika"));
            Assert.Equal(StoredCredentialState.Stale, trust.StoredCredentials.Look(grant.Id, "erika").State);
        }
        await trust.RevokeAsync(grant.Id, "Erika", Cancel);
        Assert.Empty(Directory.GetFiles(fixture.GrantDirectory(grant), "fill-*"));
    }

    [Fact]
    public async Task Record_OfAnotherGrantUserOrComputer_IsRefused()
    {
        TrustFlow trust = Open();
        Grant one = await GrantAsync(trust), two = await GrantAsync(trust);
        accounts.Answer = AccountAnswer.Accepted;
        await StoreAsync(trust, one);
        await trust.StoredCredentials.StoreAsync(one.Id, "max", Encoding.UTF8.GetBytes("other"), Cancel);
        string[] records = Records(one);
        // Under another grant.
        foreach (string record in records) File.Copy(record, Path.Combine(fixture.GrantDirectory(two), Path.GetFileName(record)));
        Assert.Null(trust.StoredCredentials.TryOpen(two.Id, "erika"));
        Assert.Null(trust.StoredCredentials.TryOpen(two.Id, "max"));
        // In the place of another account's.
        File.Copy(records[0], records[1], overwrite: true);
        Assert.Single((string[])["erika", "max"], user => trust.StoredCredentials.TryOpen(one.Id, user) is not null);
        // By another account of the operating system: its sealer opens nothing.
        byte[] record0 = File.ReadAllBytes(records[0]);
        SealedCredential sealedRecord = SealedCredential.TryRead(record0) ?? throw new InvalidOperationException("Not a record.");
        Assert.NotNull(sealedRecord.TryOpen(one.Id.Span, trust.HostKey.Span, sealer));
        Assert.Null(sealedRecord.TryOpen(one.Id.Span, trust.HostKey.Span, new KeyedSealer()));
        Assert.Null(sealedRecord.TryOpen(one.Id.Span, new byte[65], sealer));
    }

    [Fact]
    public async Task Revoke_ErasesWhatIsStored()
    {
        TrustFlow trust = Open();
        Grant one = await GrantAsync(trust), two = await GrantAsync(trust);
        await StoreAsync(trust, one);
        await StoreAsync(trust, two);

        // Another process, one that knows nothing of fill-in.
        await fixture.Open().RevokeAsync(one.Id, "Erika", Cancel);

        Assert.Empty(Records(one));
        Assert.Empty(trust.StoredCredentials.List(one.Id));
        Assert.Single(Records(two));
    }

    [Fact]
    public async Task Expiry_ErasesWhatIsStored_WhileTheAgentRunsAndWhenItStarts()
    {
        TrustFlow trust = Open();
        Grant grant = await GrantAsync(trust);
        await StoreAsync(trust, grant);
        fixture.Time.ShiftWallClock(TimeSpan.FromDays(31));
        Assert.Single(Records(grant));
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        LedgerEntry erased = await TrustFixture.EventuallyAsync(() => TrustFixture.History(trust, "credential.erased").SingleOrDefault());
        Assert.Empty(Records(grant));
        Assert.Equal(("GrantOver", 1), ((string?)erased.Data()["why"], (int?)erased.Data()["count"]));

        Grant later = await GrantAsync(trust);
        await StoreAsync(trust, later);
        await trust.DisposeAsync();
        fixture.Time.ShiftWallClock(TimeSpan.FromDays(31));
        TrustFlow again = Open();
        await TrustFixture.EventuallyAsync(() => TrustFixture.History(again, "credential.erased").Count == 2 ? "erased" : null);
        Assert.Empty(Records(later));
    }

    [Fact]
    public async Task ForgetAndErase_DeleteOneAndAll()
    {
        TrustFlow trust = Open();
        Grant one = await GrantAsync(trust), two = await GrantAsync(trust);
        await StoreAsync(trust, one);
        await StoreAsync(trust, two);

        Assert.True(await trust.StoredCredentials.ForgetAsync(one.Id, "Erika", "Erika", Cancel));
        Assert.False(await trust.StoredCredentials.ForgetAsync(one.Id, "erika", "Erika", Cancel));
        Assert.Single(Records(two));
        Assert.Equal(1, await trust.StoredCredentials.EraseAsync("uninstaller", Cancel));
        Assert.Equal(0, await trust.StoredCredentials.EraseAsync("uninstaller", Cancel));
        Assert.Empty(Records(two));
        Assert.Equal(["Forgotten", "AllErased"], TrustFixture.History(trust, "credential.erased").Select(entry => (string?)entry.Data()["why"]));
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private TrustFlow Open(ILogger? log = null) => fixture.Open(fixture.Options with
    {
        AccountCheck = accounts, Filling = new CredentialFilling { Sealer = sealer, Screen = logon, Filler = logon }, Logger = log ?? fixture.Options.Logger,
    });

    private Task<Grant> GrantAsync(TrustFlow trust) => fixture.GrantAsync(trust, fixture.Terms(Operations.ViewScreen | Operations.FillCredential));

    private static Task<CredentialEnrolment> StoreAsync(TrustFlow trust, Grant grant, string password = Right) =>
        trust.StoredCredentials.StoreAsync(grant.Id, "erika", Encoding.UTF8.GetBytes(password), Cancel).AsTask();

    private string[] Records(Grant grant) => [.. Directory.GetFiles(fixture.GrantDirectory(grant), "fill-*").Order(StringComparer.Ordinal)];

    private string RecordOf(Grant grant) => Assert.Single(Records(grant));

    private void AssertNowhere(string secret)
    {
        foreach (string file in Directory.EnumerateFiles(fixture.State, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
            Assert.Equal(-1, SharedFile.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
    }
}

/// <summary>A log that keeps its lines, exceptions in full.</summary>
internal sealed class KeptLines : ILogger
{
    private readonly StringBuilder text = new();

    public string Text
    {
        get
        {
            lock (text) return text.ToString();
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (text) text.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
    }
}
