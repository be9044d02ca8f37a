using System.Globalization;
using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class ComputerPolicyTests
{
    [Fact]
    public void TryRead_EveryMember_IsTaken()
    {
        AccessRules? rules = ComputerPolicy.TryRead("""
            {"version":1,"operations":["ViewScreen","Chat"],"notAfter":"2026-12-31T00:00:00Z","hours":{"zone":"Europe/Berlin","windows":[{"days":["mon"],"from":"08:00","to":"18:00"}]},
             "inUse":"askThenRefuse","credentials":true,"reason":true,"sessionCapMinutes":60,"recording":"never"}
            """u8);

        Assert.NotNull(rules);
        Assert.Equal(
            (Operations.ViewScreen | Operations.Chat, At("2026-12-31T00:00:00Z"), InUseRule.AskThenRefuse, true, true, TimeSpan.FromHours(1), RecordingRule.Never),
            (rules.MaxOperations, rules.NotAfter, rules.InUse, rules.CredentialsRequired, rules.ReasonRequired, rules.SessionCap, rules.Recording));
        Assert.Equal("Europe/Berlin", Assert.Single(rules.Hours).Zone);
    }

    [Theory]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"credentials\":false,\"reason\":false,\"inUse\":\"allow\",\"recording\":\"allowed\",\"sessionCapMinutes\":720}")]
    public void TryRead_NothingDemanded_NarrowsNothing(string json) => Assert.Equal(new AccessRules(), ComputerPolicy.TryRead(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("{\"version\":1,\"version\":1}")]
    [InlineData("{\"version\":1} x")]
    [InlineData("{\"version\":1,\"hidden\":true}")]
    [InlineData("{\"version\":1,\"operations\":\"ViewScreen\"}")]
    [InlineData("{\"version\":1,\"operations\":[\"viewscreen\"]}")]
    [InlineData("{\"version\":1,\"operations\":[\"All\"]}")]
    [InlineData("{\"version\":1,\"operations\":[\"ViewScreen\",\"ViewScreen\"]}")]
    [InlineData("{\"version\":1,\"operations\":[1]}")]
    [InlineData("{\"version\":1,\"notAfter\":\"2026-12-31\"}")]
    [InlineData("{\"version\":1,\"notAfter\":\"2026-02-30T00:00:00Z\"}")]
    [InlineData("{\"version\":1,\"hours\":{\"zone\":\"UTC\",\"windows\":[]}}")]
    [InlineData("{\"version\":1,\"hours\":null}")]
    [InlineData("{\"version\":1,\"inUse\":\"whatever\"}")]
    [InlineData("{\"version\":1,\"reason\":1}")]
    [InlineData("{\"version\":1,\"sessionCapMinutes\":0}")]
    [InlineData("{\"version\":1,\"sessionCapMinutes\":721}")]
    [InlineData("{\"version\":1,\"sessionCapMinutes\":1.5}")]
    [InlineData("{\"version\":1,\"reason\":true")]
    public void TryRead_AnythingElse_IsRefused(string json) => Assert.Null(ComputerPolicy.TryRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void TryRead_ArbitraryDamage_NeverThrows()
    {
        byte[] good = "{\"version\":1,\"operations\":[\"ViewScreen\"],\"hours\":{\"zone\":\"UTC\",\"windows\":[{\"days\":[\"mon\"],\"from\":\"08:00\",\"to\":\"18:00\"}]},\"reason\":true}"u8.ToArray();
        var random = new Random(4);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] bad = [.. good[..random.Next(good.Length + 1)], .. good[random.Next(good.Length)..]];
            for (int k = random.Next(4); k > 0 && bad.Length > 0; k--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
            _ = ComputerPolicy.TryRead(bad);
        }
    }

    [Theory]
    [InlineData("{\"version\":1,\"operations\":[\"ControlInput\"]}", RefusalReason.OperationNotGranted)]
    [InlineData("{\"version\":1,\"operations\":[]}", RefusalReason.OperationNotGranted)]
    [InlineData("{\"version\":1,\"notAfter\":\"2026-03-02T10:00:00Z\"}", RefusalReason.Expired)]
    [InlineData("{\"version\":1,\"hours\":{\"zone\":\"UTC\",\"windows\":[{\"days\":[\"mon\"],\"from\":\"11:00\",\"to\":\"12:00\"}]}}", RefusalReason.OutsideHours)]
    [InlineData("{\"version\":1,\"inUse\":\"refuse\"}", RefusalReason.RuleNotSupported)]
    [InlineData("{\"version\":1", RefusalReason.RecordUnavailable)]
    [InlineData("{\"version\":1,\"reason\":true,\"operations\":[\"ViewScreen\",\"ControlInput\"]}", RefusalReason.None)]
    public async Task Gate_AndARunningSession_AreNarrowedByTheFile(string json, RefusalReason refusal)
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, request);

        Write(fixture, json);

        await session.CheckAsync();
        Assert.Equal(refusal, session.EndReason);
        if (refusal == RefusalReason.None) return;
        Assert.Equal(refusal, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
        File.Delete(PolicyFile(fixture));
        await (await TrustFixture.ConnectAsync(trust, request)).DisposeAsync();
    }

    [Fact]
    public async Task RunningSession_FileAppears_EndsWithinASecond()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RefusalReason.None, session.EndReason);

        Write(fixture, "{\"version\":1,\"operations\":[]}");
        fixture.Time.Advance(SessionWatch.Period);

        Assert.Equal(RefusalReason.OperationNotGranted, await TrustFixture.EndOfAsync(session));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SessionCap_InTheFileBeforeOrDuring_EndsTheSession(bool during)
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust, fixture.Terms() with { NotBefore = fixture.Time.GetUtcNow().AddDays(-1) }));
        if (!during) Write(fixture, "{\"version\":1,\"sessionCapMinutes\":60}");
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, request);
        if (during) Write(fixture, "{\"version\":1,\"sessionCapMinutes\":60}");
        else Assert.Equal(fixture.Time.GetUtcNow().AddHours(1), session.ExpiresAt);

        // Whoever sets the clock back gains nothing.
        fixture.Time.ShiftWallClock(TimeSpan.FromHours(-1));
        fixture.Time.Advance(TimeSpan.FromMinutes(59));
        await session.CheckAsync();
        Assert.Equal(RefusalReason.None, session.EndReason);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await session.CheckAsync();

        Assert.Equal(RefusalReason.Expired, session.EndReason);
    }

    [Fact]
    public async Task Gate_FileExposedLinkedOrADirectory_Refuses()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows the directory's access list decides.");
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        string file = PolicyFile(fixture);

        Write(fixture, "{\"version\":1}");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, PrivateFile.FileMode | UnixFileMode.OtherWrite);
        Assert.Equal(RefusalReason.RecordUnavailable, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
        File.Delete(file);
        File.CreateSymbolicLink(file, Path.Combine(fixture.Root, "nowhere"));
        Assert.Equal(RefusalReason.RecordUnavailable, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
        File.Delete(file);
        Directory.CreateDirectory(file);
        Assert.Equal(RefusalReason.RecordUnavailable, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
        Directory.Delete(file);
        await TrustFixture.FailAsync(trust, request);
    }

    internal static string PolicyFile(TrustFixture fixture) => Path.Combine(fixture.State, "policy.json");

    internal static void Write(TrustFixture fixture, string json) => PrivateFile.Write(PolicyFile(fixture), Encoding.UTF8.GetBytes(json));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
