using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The files are real; that they were not read is shown by damage which the system does not report: same length, time put back.</summary>
public sealed class WatchedGrantTests
{
    private static readonly TimeSpan Tick = SessionWatch.Period;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_NothingChanged_ReadsNoFileUntilTheRegularReading()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        WatchedGrant watched = Watch(fixture, trust, grant);
        RunFor(fixture, watched, WatchedGrant.Unsettled + Tick);

        DamageUnseen(Path.Combine(fixture.GrantDirectory(grant), "status"));

        // The last reading was when it had just settled, two ticks ago.
        RunFor(fixture, watched, WatchedGrant.ReadAnyway - 4 * Tick);
        fixture.Time.Advance(Tick);
        Assert.Equal(StateError.Corrupted, Assert.Throws<StateException>(() => watched.Read()).Error);
    }

    [Fact]
    public async Task Watch_SecondChangeWithTheSameTimeStamp_IsSeenAtOnce()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        WatchedGrant watched = Watch(fixture, trust, grant);
        RunFor(fixture, watched, WatchedGrant.Unsettled - 2 * Tick);

        DamageUnseen(Path.Combine(fixture.GrantDirectory(grant), "status"));

        fixture.Time.Advance(Tick);
        Assert.Throws<StateException>(() => watched.Read());
    }

    [Fact]
    public async Task Watch_LongSettled_SeesStopRevocationBlockAndRemovalAtTheNextTick()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), commandLine = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        WatchedGrant watched = Watch(fixture, trust, grant);
        RunFor(fixture, watched, TimeSpan.FromSeconds(60));

        await commandLine.BlockAsync(DateTimeOffset.UnixEpoch.AddYears(70), "Erika", Cancel);
        fixture.Time.Advance(Tick);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddYears(70), watched.Read().BlockedUntil);
        RunFor(fixture, watched, TimeSpan.FromSeconds(60));

        ulong stops = watched.Read().Stops;
        await commandLine.StopSessionsAsync("Erika", Cancel);
        fixture.Time.Advance(Tick);
        Assert.Equal(stops + 1, watched.Read().Stops);
        RunFor(fixture, watched, TimeSpan.FromSeconds(60));

        await commandLine.RevokeAsync(grant.Id, "Erika", Cancel);
        fixture.Time.Advance(Tick);
        Assert.True(watched.Read().Stored?.IsRevoked);
        RunFor(fixture, watched, TimeSpan.FromSeconds(60));

        Directory.Delete(fixture.GrantDirectory(grant), recursive: true);
        fixture.Time.Advance(Tick);
        Assert.Null(watched.Read().Stored);
    }

    [Fact]
    public async Task Watch_OpenedToOtherAccounts_IsSeenAtTheNextTick()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the directory's access list decides.");
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        WatchedGrant watched = Watch(fixture, trust, grant);
        RunFor(fixture, watched, TimeSpan.FromSeconds(60));

        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fixture.GrantDirectory(grant), PrivateFile.DirectoryMode | UnixFileMode.OtherRead);

        fixture.Time.Advance(Tick);
        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => watched.Read()).Error);
    }

    private static WatchedGrant Watch(TrustFixture fixture, TrustFlow trust, Grant grant)
    {
        StateDirectory state = StateDirectory.Open(fixture.State);
        return new WatchedGrant(new GrantStore(state, trust.HostKey, fixture.Time, fixture.Boot), state, grant.Id, fixture.Time);
    }

    private static void RunFor(TrustFixture fixture, WatchedGrant watched, TimeSpan time)
    {
        for (TimeSpan at = TimeSpan.Zero; at <= time; at += Tick)
        {
            StoredGrant? stored = watched.Read().Stored;
            Assert.NotNull(stored);
            fixture.Time.Advance(Tick);
        }
    }

    private static void DamageUnseen(string path)
    {
        DateTime written = File.GetLastWriteTimeUtc(path);
        byte[] content = File.ReadAllBytes(path);
        for (int i = 0; i < content.Length; i += 16) content[i] ^= 1;
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, written);
    }
}
