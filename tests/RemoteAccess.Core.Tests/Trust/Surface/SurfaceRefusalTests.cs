using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>What was not done is said in the person's language, whatever the agent's is.</summary>
public sealed class SurfaceRefusalTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Languages => [.. LanguageTexts.Languages];

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_EachProblemAndEachStateError_HasASentenceAndNothingElseHas(string language)
    {
        NoticeTexts texts = Texts(language);
        string[] keys = [.. Enum.GetNames<SurfaceProblem>().Select(name => $"error.{name}"), .. Enum.GetNames<StateError>().Select(name => $"error.State.{name}"), "error.done"];

        Assert.Equal(keys.Order(StringComparer.Ordinal), texts.All.Keys.Where(key => key.StartsWith("error.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(keys, key => Assert.Matches("[.。}]$", texts[key]));
        Assert.Equal(keys.Length, keys.Select(key => texts[key]).Distinct().Count());
        if (language != "en") Assert.DoesNotContain(keys, key => texts[key] == Texts("en")[key] || texts[key].Contains(" the ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Refusal_SurfaceOfALanguage_SaysItInThat(string language)
    {
        NoticeTexts texts = Texts(language);
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        await using SurfaceConnection surface = await ConnectAsync(language);

        Assert.Equal(texts["error.NoGrant"], await WhyAsync(surface.DoAsync(new SurfaceAction.Revoke(new string('0', 32)), Cancel)));
        Assert.Equal(texts["error.MomentPast"], await WhyAsync(surface.DoAsync(new SurfaceAction.Block(fixture.Time.GetUtcNow()), Cancel)));
        Assert.Equal(texts["error.SessionOver"], await WhyAsync(surface.DoAsync(new SurfaceAction.Withdraw(new string('0', 32), Operations.ViewScreen), Cancel)));
        Assert.Equal(texts["error.NoChat"], await WhyAsync(surface.DoAsync(new SurfaceAction.Say(new string('0', 32), "Hello"), Cancel)));
        Assert.Equal(texts["error.NoPasswords"], await WhyAsync(surface.DoAsync(new SurfaceAction.StorePassword(new string('0', 32), language), Cancel)));
        Assert.Equal(texts["error.NoFolder"], await WhyAsync(surface.DoAsync(new SurfaceAction.TakeBackFolder("Inbox"), Cancel)));
        Assert.Equal(texts["error.NoPeriod"], await WhyAsync(surface.ReadReportAsync("yesterday", Cancel)));
        Assert.Equal(texts["error.NoPeriod"], await WhyAsync(surface.ReadReportAsync(new string('9', 65), Cancel)));
        Assert.Equal(texts["error.NoSession"], await WhyAsync(surface.ReadReportAsync(new string('0', 32), Cancel)));

        await trust.DisposeAsync();
        Assert.Equal(texts["error.Gone"], await WhyAsync(surface.DoAsync(new SurfaceAction.Unblock(), Cancel)));
        Assert.Equal(texts["error.Unreachable"], await WhyAsync(SurfaceConnection.OpenAsync(fixture.State, CultureInfo.GetCultureInfo(language), Cancel)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task State_Damaged_IsSaidInTheLanguageWithTheFile(string language)
    {
        NoticeTexts texts = Texts(language);
        fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        string policy = Path.Combine(fixture.State, "policy.json"), shared = Path.Combine(fixture.State, "shared.json");
        PrivateFile.Write(policy, "{"u8.ToArray());
        PrivateFile.Write(shared, "{"u8.ToArray());
        await using SurfaceConnection surface = await ConnectAsync(language);
        fixture.Time.Advance(SurfaceServer.PollPeriod);
        await Patience.UntilAsync(() => surface.Status.Trouble is not null);

        string refused = await WhyAsync(surface.DoAsync(new SurfaceAction.TakeBackFolder("Inbox"), Cancel));

        // In English there is more to say, by whoever found it.
        if (language == "en") Assert.Equal(("is not a list of shared folders", true), (refused[(shared.Length + 1)..(shared.Length + 32)], surface.Status.Trouble!.Contains(policy, StringComparison.Ordinal)));
        else Assert.Equal((texts.Fill("error.State.Corrupted", shared), texts.Fill("error.State.Corrupted", policy)), (refused, surface.Status.Trouble));
    }

    [Fact]
    public void Refusal_OfAnotherVersionOrDoneAllTheSame_IsNotLost()
    {
        var german = new NoticeWords(CultureInfo.GetCultureInfo("de"), TimeZoneInfo.Utc);
        NoticeTexts texts = Texts("de");

        Assert.Equal("The moon is full.", german.Refusal(new JsonObject { ["error"] = "The moon is full." }).Message);
        Assert.Equal("The moon is full.", german.Refusal(new JsonObject { ["error"] = "The moon is full.", ["why"] = "FullMoon", ["about"] = "the moon" }).Message);
        JsonObject answer = [];
        SurfaceRefusal.Write(answer, new StateException(StateError.DiskFull, "/state/ledger", "No room."), isDone: true);
        Assert.Equal(texts.Fill("error.done", texts.Fill("error.State.DiskFull", "/state/ledger")), german.Refusal(answer).Message);
        Assert.Equal("It was done, but could not be recorded: No room.", NoticeWords.English.Refusal(answer).Message);
        Assert.Equal("Es wurde nicht gesendet: a b.", german.Refusal(new JsonObject { ["error"] = "x", ["why"] = "NotSent", ["about"] = "a\u001bb" }).Message);
    }

    private static NoticeTexts Texts(string language) => NoticeTexts.For(CultureInfo.GetCultureInfo(language));

    private static async Task<string> WhyAsync(Task asked) => (await Assert.ThrowsAsync<SurfaceException>(() => asked)).Message;

    private Task<SurfaceConnection> ConnectAsync(string language) =>
        SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.GetCultureInfo(language), fixture.Time, Cancel);
}
