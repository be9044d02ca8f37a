using System.Diagnostics;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A computer with ten thousand grants of one and of many tenants; some revoked, expired, damaged.</summary>
public sealed class ManyGrantsTests
{
    private const int OfOneTenant = 7000, Tenants = 500, Revoked = 1000, Expired = 1000, Damaged = 500;

    /// <summary>More than a stamp and a name allocate, and far less than a list of ten thousand names.</summary>
    private const int BytesAQuestion = 16 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task TenThousandGrants_OpenListAdmitRefuseRevoke_AndAStrangersHandshakeReadsNone()
    {
        await using var fixture = new TrustFixture();
        var complaints = new CountedComplaints();
        TrustFlow commandLine = fixture.Open();
        Grant grant = await fixture.GrantAsync(commandLine), other = await fixture.GrantAsync(commandLine), revoked = await fixture.GrantAsync(commandLine);
        await commandLine.RevokeAsync(revoked.Id, "Erika", Cancel);
        Grant[] idle = Fill(fixture, commandLine, out byte[] strangerOfOneGrant);

        long begin = Stopwatch.GetTimestamp();
        Print("filled", begin);
        TrustFlow agent = fixture.Open(fixture.Options with { Logger = complaints });
        Print("open", begin);

        begin = Stopwatch.GetTimestamp();
        ILookup<GrantState, GrantSummary> states = agent.Grants.ToLookup(summary => summary.State);
        Print("list", begin);
        Assert.Equal(OfOneTenant + Tenants + 2, states[GrantState.Live].Count());
        Assert.Equal(Revoked + 1, states[GrantState.Revoked].Count());
        Assert.Equal(Expired, states[GrantState.Expired].Count());
        Assert.Equal(Damaged, states[GrantState.Damaged].Count());

        // From here on whoever opens one of these says so.
        foreach (Grant left in idle) ManyGrants.Write(Path.Combine(fixture.GrantDirectory(left), "grant"), "no grant"u8);
        AskForAStranger(fixture, agent);
        Assert.Equal(0, complaints.Count);
        Assert.True(agent.Gate.TryGetTenantKey(WireIdentity.Tenant(strangerOfOneGrant), new byte[65]));
        Assert.Equal(0, complaints.Count);

        await using LiveSession session = await TrustFixture.ConnectAsync(agent, fixture.Request(grant)), second = await TrustFixture.ConnectAsync(agent, fixture.Request(other));
        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(agent, fixture.Request(revoked))).Refusal);
        Assert.Equal(RefusalReason.OperationNotGranted, (await TrustFixture.AdmitAsync(agent, fixture.Request(grant, Operations.Chat))).Refusal);

        begin = Stopwatch.GetTimestamp();
        await commandLine.RevokeAsync(grant.Id, "Erika", Cancel);
        fixture.Time.Advance(SessionWatch.Period);
        Assert.Equal(RefusalReason.Revoked, await TrustFixture.EndOfAsync(session));
        Print("revoke elsewhere, in mid-session", begin);
        Assert.Equal(RefusalReason.None, second.EndReason);

        // Now all that is left of the tenant's is damaged: each is tried once, and not at the next question.
        await commandLine.RevokeAsync(other.Id, "Erika", Cancel);
        begin = Stopwatch.GetTimestamp();
        Assert.False(agent.Gate.TryGetTenantKey(WireIdentity.Tenant(fixture.Tenant.PublicKey.Span), new byte[65]));
        Print("the one handshake that finds all of a tenant's thousands damaged", begin);
        Assert.Equal(OfOneTenant, complaints.Count);
        Assert.False(agent.Gate.TryGetTenantKey(WireIdentity.Tenant(fixture.Tenant.PublicKey.Span), new byte[65]));
        Assert.Equal(OfOneTenant, complaints.Count);
        AskForAStranger(fixture, agent);
    }

    [Fact]
    public async Task ThousandsRevokedElsewhere_EachIsReadOnce()
    {
        await using var fixture = new TrustFixture();
        TrustFlow agent = fixture.Open();
        using (var many = new ManyGrants(fixture, agent))
        {
            for (int i = 0; i < Wine.Or(2000, 100); i++) many.Add(isRevoked: true);
        }
        byte[] tenant = WireIdentity.Tenant(fixture.Tenant.PublicKey.Span), key = new byte[65];
        Assert.False(agent.Gate.TryGetTenantKey(tenant, key));
        fixture.Time.Advance(WatchedGrant.Unsettled + TimeSpan.FromSeconds(1));

        Assert.InRange(AllocatedBy(() => Assert.False(agent.Gate.TryGetTenantKey(tenant, key))), 0, BytesAQuestion);
    }

    [Fact]
    public void Verified_MoreThanAreKept_AreStillReadRight()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create();
        byte[] encoded = GrantSamples.Sign(GrantSamples.Unsigned(host, tenant, "none"), host, tenant);
        var verified = new VerifiedGrants();
        for (int i = 0; i < 2; i++)
        {
            Assert.True(verified.TryRead(encoded, out Grant? grant));
            Assert.True(Grant.TryRead(encoded, out Grant? afresh));
            Assert.Equal(afresh.Digest.ToArray(), grant.Digest.ToArray());
            Assert.Equal(afresh.Encoded.ToArray(), grant.Encoded.ToArray());
            Assert.Equal(afresh.Id.ToArray(), grant.Id.ToArray());
        }
        for (int at = 0; at < encoded.Length; at++)
        {
            encoded[at] ^= 1;
            Assert.False(verified.TryRead(encoded, out _));
            encoded[at] ^= 1;
        }
    }

    [Fact]
    public void OpenedKeys_ManyKeysAndOnesThatBeginAlike_AnswerAsTheCurveDoes()
    {
        using var keys = new OpenedKeys();
        using EcdsaSigningKey first = EcdsaSigningKey.Create();
        byte[] data = "what was signed"u8.ToArray(), signature = new byte[P256.SignatureLength], alike = first.PublicKey.ToArray();
        first.Sign(data, signature);
        alike[^1] ^= 1;
        for (int i = 0; i < 40; i++)
        {
            using EcdsaSigningKey other = EcdsaSigningKey.Create();
            byte[] others = new byte[P256.SignatureLength];
            other.Sign(data, others);
            Assert.True(keys.Verify(other.PublicKey, data, others));
            Assert.True(keys.Verify(first.PublicKey, data, signature));
            Assert.False(keys.Verify(other.PublicKey, data, signature));
            Assert.False(keys.Verify(first.PublicKey, data.AsSpan(1), signature));
            Assert.False(keys.Verify(alike, data, signature));
            Assert.False(keys.Verify(new byte[65], data, signature));
            Assert.False(keys.Verify(first.PublicKey, data, new byte[64]));
            Assert.False(keys.Verify(first.PublicKey[..64], data, signature));
        }
    }

    private static Grant[] Fill(TrustFixture fixture, TrustFlow trust, out byte[] strangerOfOneGrant)
    {
        using var many = new ManyGrants(fixture, trust);
        strangerOfOneGrant = [];
        var all = new List<Grant>();
        DateTimeOffset now = fixture.Time.GetUtcNow();
        for (int i = 0; i < OfOneTenant; i++) all.Add(many.Add(notAfter: now.AddDays(1 + (i % 20))));
        for (int i = 0; i < Revoked; i++) all.Add(many.Add(isRevoked: true));
        for (int i = 0; i < Expired; i++) all.Add(many.Add(notAfter: now.AddDays(-1)));
        for (int i = 0; i < Damaged; i++) many.AddDamaged();
        for (int i = 0; i < Tenants; i++)
        {
            using EcdsaSigningKey tenant = EcdsaSigningKey.Create();
            Grant grant = many.Add(tenant);
            if (i == 0) strangerOfOneGrant = tenant.PublicKey.ToArray();
            else all.Add(grant);
        }
        return [.. all];
    }

    /// <summary>A tenant that has no grant here connects again and again, long after the last change and with the clock at rest.</summary>
    private static void AskForAStranger(TrustFixture fixture, TrustFlow agent)
    {
        byte[] stranger = new byte[32], key = new byte[65];
        Assert.False(agent.Gate.TryGetTenantKey(stranger, key));
        fixture.Time.Advance(WatchedGrant.Unsettled + TimeSpan.FromSeconds(1));
        Assert.False(agent.Gate.TryGetTenantKey(stranger, key));
        long begin = Stopwatch.GetTimestamp();
        long bytes = AllocatedBy(() =>
        {
            for (int i = 0; i < 100; i++) Assert.False(agent.Gate.TryGetTenantKey(stranger, key));
        });
        Print("100 handshakes of a stranger", begin);
        Assert.InRange(bytes / 100, 0, BytesAQuestion);
    }

    private static long AllocatedBy(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>For people; nothing depends on it.</summary>
    private static void Print(string what, long begin) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {Stopwatch.GetElapsedTime(begin).TotalMilliseconds:0.0} ms; processor so far {Environment.CpuUsage.TotalTime.TotalSeconds:0.00} s");
}
