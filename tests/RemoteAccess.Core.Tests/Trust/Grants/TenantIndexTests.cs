using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What is remembered about tenants is right whatever another process does to the grants; the clock is settled, so that only the system's word can tell.</summary>
public sealed class TenantIndexTests : IAsyncLifetime
{
    private static readonly TimeSpan Settled = WatchedGrant.Unsettled + TimeSpan.FromSeconds(1);
    private readonly TrustFixture fixture = new();
    private readonly CountedComplaints complaints = new();
    private readonly EcdsaSigningKey stranger = EcdsaSigningKey.Create();
    private TrustFlow agent = null!;
    private TrustFlow commandLine = null!;
    private ManyGrants many = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        agent = fixture.Open(fixture.Options with { Logger = complaints });
        commandLine = fixture.Open();
        many = new ManyGrants(fixture, commandLine);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        stranger.Dispose();
        many.Dispose();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task Find_GrantedElsewhere_IsSeenByTheNextHandshake()
    {
        Settle();
        Assert.False(IsKnown());

        await fixture.GrantAsync(commandLine);

        Assert.True(IsKnown());
        Assert.False(IsKnown(stranger));
        many.Add(stranger);
        Assert.True(IsKnown(stranger));
    }

    [Fact]
    public async Task Find_RevokedElsewhere_IsSeenByTheNextHandshake()
    {
        Grant one = await fixture.GrantAsync(commandLine), other = await fixture.GrantAsync(commandLine);
        Settle();
        Assert.True(IsKnown());

        await commandLine.RevokeAsync(one.Id, "Erika", Cancel);
        Assert.True(IsKnown());
        await commandLine.RevokeAsync(other.Id, "Erika", Cancel);
        Assert.False(IsKnown());
    }

    [Fact]
    public void Find_ExpiryPasses_TenantIsUnknownWithoutReadingAnything()
    {
        Grant grant = many.Add(notAfter: fixture.Time.GetUtcNow().AddHours(1));
        Settle();
        Assert.True(IsKnown());
        ManyGrants.Write(Path.Combine(fixture.GrantDirectory(grant), "grant"), "no grant"u8);

        fixture.Time.Advance(TimeSpan.FromHours(1));

        Assert.False(IsKnown());
        Assert.Equal(0, complaints.Count);
    }

    [Fact]
    public void Find_NotYetBegunOrBesideExpiredOnes_IsKnown()
    {
        many.Add(notAfter: fixture.Time.GetUtcNow().AddDays(-1));
        Assert.False(IsKnown());
        many.Add();
        many.Add(notAfter: fixture.Time.GetUtcNow().AddDays(-2));
        Assert.True(IsKnown());
    }

    [Fact]
    public void Find_FileReplacedByADamagedOne_IsUnknownAtOnceAndKnownAgainWhenRepaired()
    {
        Grant grant = many.Add();
        Settle();
        Assert.True(IsKnown());

        ManyGrants.Write(Path.Combine(fixture.GrantDirectory(grant), "grant"), "no grant"u8);
        Assert.False(IsKnown());
        Assert.Equal(1, complaints.Count);

        ManyGrants.Write(Path.Combine(fixture.GrantDirectory(grant), "grant"), grant.Encoded.Span);
        fixture.Time.Advance(WatchedGrant.ReadAnyway);
        Assert.True(IsKnown());
        Assert.Equal(1, complaints.Count);
    }

    [Fact]
    public void Find_Renamed_IsUnknownUntilItHasItsNameAgain()
    {
        Grant grant = many.Add();
        string name = fixture.GrantDirectory(grant), other = Path.Combine(fixture.State, "grants", new string('a', 32));
        Settle();
        Assert.True(IsKnown());

        Directory.Move(name, other);
        Assert.False(IsKnown());
        Directory.Move(other, name);
        Assert.True(IsKnown());
    }

    [Fact]
    public void Find_SwappedBetweenTenants_NeitherIsKnownUntilEachIsBack()
    {
        string ours = fixture.GrantDirectory(many.Add()), theirs = fixture.GrantDirectory(many.Add(stranger));
        Settle();
        Assert.True(IsKnown() && IsKnown(stranger));

        Swap(ours, theirs);
        Assert.False(IsKnown() || IsKnown(stranger));

        Swap(ours, theirs);
        Assert.True(IsKnown() && IsKnown(stranger));
    }

    [Fact]
    public void Find_RemovedAndMadeAnew_FollowsTheDisk()
    {
        Grant grant = many.Add();
        Settle();
        Assert.True(IsKnown());

        Directory.Delete(fixture.GrantDirectory(grant), recursive: true);
        Assert.False(IsKnown());
        many.Add();
        Assert.True(IsKnown());
    }

    [Fact]
    public void Find_SecondChangeWithTheSameTimeStamp_IsSeen()
    {
        string grants = Path.Combine(fixture.State, "grants");
        Settle();
        many.Add(stranger);
        DateTime stamp = Directory.GetLastWriteTimeUtc(grants);
        Assert.False(IsKnown());

        many.Add();
        Directory.SetLastWriteTimeUtc(grants, stamp);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.True(IsKnown());
    }

    [Fact]
    public void Find_TimeStampPutBack_IsSeenByTheRegularListing()
    {
        string grants = Path.Combine(fixture.State, "grants");
        Settle();
        DateTime stamp = Directory.GetLastWriteTimeUtc(grants);
        many.Add();
        Directory.SetLastWriteTimeUtc(grants, stamp);
        Assert.False(IsKnown());

        fixture.Time.Advance(WatchedGrant.ReadAnyway);

        Assert.True(IsKnown());
    }

    [Fact]
    public void Find_ExposedToOthers_IsUnknown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the directory's access list decides.");
        Grant grant = many.Add();
        Settle();
        Assert.True(IsKnown());

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fixture.GrantDirectory(grant), PrivateFile.DirectoryMode | UnixFileMode.OtherRead);

        Assert.False(IsKnown());
    }

    [Fact]
    public void Find_MoreDamagedThanAreTriedAtATime_EachIsTriedInTurn()
    {
        Grant[] grants = [.. Enumerable.Range(0, 2 * TenantIndex.MaxRetries).Select(_ => many.Add(notAfter: fixture.Time.GetUtcNow().AddDays(1)))];
        foreach (Grant grant in grants) ManyGrants.Write(Path.Combine(fixture.GrantDirectory(grant), "grant"), "no grant"u8);
        Settle();
        Assert.False(IsKnown());
        Assert.Equal(grants.Length, complaints.Count);

        foreach (Grant grant in grants.Skip(TenantIndex.MaxRetries - 1)) ManyGrants.Write(Path.Combine(fixture.GrantDirectory(grant), "grant"), grant.Encoded.Span);
        for (int i = 0; i < 2; i++)
        {
            fixture.Time.Advance(WatchedGrant.ReadAnyway);
            IsKnown();
        }

        Assert.True(IsKnown());
    }

    /// <summary>Looks until a change would be noticed only by what the system says.</summary>
    private void Settle()
    {
        IsKnown();
        fixture.Time.Advance(Settled);
        IsKnown();
    }

    private bool IsKnown() => IsKnown(fixture.Tenant.PublicKey.Span);

    private bool IsKnown(EcdsaSigningKey tenant) => IsKnown(tenant.PublicKey);

    private bool IsKnown(ReadOnlySpan<byte> tenantKey)
    {
        byte[] found = new byte[65];
        bool isKnown = agent.Gate.TryGetTenantKey(WireIdentity.Tenant(tenantKey), found);
        Assert.True(!isKnown || tenantKey.SequenceEqual(found));
        return isKnown;
    }

    private static void Swap(string one, string other)
    {
        Directory.Move(one, one + ".tmp");
        Directory.Move(other, one);
        Directory.Move(one + ".tmp", other);
    }
}
