using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>What the customer is told when next a surface runs.</summary>
public sealed class NoticeTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();
    private readonly List<SurfaceConnection> connections = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Notices => Path.Combine(fixture.State, "notices");

    public async ValueTask DisposeAsync()
    {
        foreach (SurfaceConnection connection in connections) await connection.DisposeAsync();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task GrantMade_WhereNoSurfaceIsWanted_IsToldByTheNextOneWithTheGrant()
    {
        TrustFlow commandLine = fixture.Open();
        Grant grant = await fixture.GrantAsync(commandLine);

        SurfaceNotice notice = Assert.Single((await ConnectAsync()).Status.Notices);

        Assert.Equal("Unattended support was set up on 2026-03-02", notice.Title);
        Assert.Equal((Convert.ToHexStringLower(grant.Id.Span), fixture.Time.GetUtcNow()), (notice.GrantId, notice.At));
        Assert.Equal(
            """
            Under the name "Contoso:Frontdesk:Erika", at 2026-03-02 10:00. Agreed to by Erika Mustermann.
            It allows, also when nobody is here: see the screen, use keyboard and mouse.
            Until 2026-04-01 10:00.
            Keep it, or remove it: what is removed never comes back by itself.
            """.ReplaceLineEndings("\n"),
            notice.Text);
        string kept = Assert.Single(Directory.GetFiles(Notices));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
    }

    [Fact]
    public async Task SessionOver_IsToldWithWhoWhenHowLongWhatAndWhy()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        await session.PermitAsync(Operations.ViewScreen, Cancel);
        fixture.Time.Advance(TimeSpan.FromMinutes(61));
        await trust.StopSessionsAsync("Erika", Cancel);
        await session.DisposeAsync();

        SurfaceNotice notice = (await ConnectAsync()).Status.Notices[1];

        Assert.Equal("Alex Tester was connected to this computer", notice.Title);
        Assert.Equal("From 2026-03-02 10:00, for 1 hour 1 minute.\nWhat was done: see the screen.\nReason given: \"Ticket 4711\"\nYou stopped it.", notice.Text);
        Assert.Null(notice.GrantId);
    }

    [Fact]
    public void Words_NotesOfTheTechnician_AreShownAsLinesOfPlainText()
    {
        var facts = new SessionNotice
        {
            At = fixture.Time.GetUtcNow(), Technician = "Al\u202Eex", Reason = "", Began = fixture.Time.GetUtcNow(), Lasted = TimeSpan.FromSeconds(1), Used = Operations.None,
            End = RefusalReason.SessionEnded, Notes = "Printer\r\nworks\u001B[31m again",
        };

        SurfaceNotice notice = new NoticeWords(CultureInfo.InvariantCulture, TimeZoneInfo.Utc).Say(new string('0', 32), NoticeFacts.TryRead(facts.Encode())!);

        Assert.Equal("Al ex was connected to this computer", notice.Title);
        Assert.Equal("From 2026-03-02 10:00, for 1 second.\nWhat was done: nothing.\nNotes of the technician:\nPrinter\nworks [31m again", notice.Text);
    }

    public static TheoryData<string> Languages => [.. LanguageTexts.Languages];

    [Theory]
    [InlineData("en", "Mon–Fri 08:00–18:00, Sun 22:00–06:00 (UTC)")]
    [InlineData("de", "Mo–Fr 08:00–18:00, So 22:00–06:00 (UTC)")]
    [InlineData("ja", "月–金 08:00–18:00, 日 22:00–06:00 (UTC)")]
    [InlineData("ko", "Mon–Fri 08:00–18:00, Sun 22:00–06:00 (UTC)")]
    public void Hours_InALanguage_NameItsDays(string language, string expected)
    {
        var hours = new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday], 8 * 60, 18 * 60), new HoursWindow([DayOfWeek.Sunday], 22 * 60, 6 * 60)]);
        var status = new SurfaceStatus { ComputerName = "PC", Grants = [new SurfaceGrant { Id = new string('0', 32), Nickname = "A", State = GrantState.Live, Schedule = hours }] };

        SurfaceStatus read = SurfaceStatusJson.Read((JsonObject)JsonNode.Parse(SurfaceStatusJson.Describe(status).ToJsonString())!);

        Assert.Equal(expected, Assert.Single(new NoticeWords(CultureInfo.GetCultureInfo(language), TimeZoneInfo.Utc).Say(read).Grants).Hours);
    }

    /// <summary>The facts travel; the words are made where the person's language is known.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Words_SurfaceOfAnotherLanguage_HasThemInItsOwn(string language)
    {
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        await fixture.GrantAsync(trust);
        string damaged = Path.Combine(Notices, $"session-{new string('0', 32)}.json");
        PrivateFile.Write(damaged, "{"u8.ToArray());
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        trust.Surface.PasswordForgotten("eri\u202Eka");
        NoticeTexts texts = NoticeTexts.For(CultureInfo.GetCultureInfo(language));
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.GetCultureInfo(language), fixture.Time, Cancel);

        IReadOnlyList<SurfaceNotice> notices = surface.Status.Notices;

        Assert.Equal(language, texts.Language);
        Assert.Equal([texts["damaged.title"], texts.Fill("grant.title", "2026-03-02"), texts["password.title"]], notices.Select(notice => notice.Title));
        Assert.EndsWith(texts["grant.choice"], notices[1].Text, StringComparison.Ordinal);
        Assert.Contains(texts["acts.ViewScreen"], notices[1].Text, StringComparison.Ordinal);
        Assert.Equal(texts.Fill("password.text", "2026-03-02 10:01", "eri ka"), notices[2].Text);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_EachLanguage_HasEveryKeyWithTheSamePlaceholders(string language)
    {
        NoticeTexts english = NoticeTexts.For(CultureInfo.GetCultureInfo("en")), texts = NoticeTexts.For(CultureInfo.GetCultureInfo(language));

        Assert.Equal(english.All.Keys, texts.All.Keys);
        Assert.All(english.All, pair => Assert.Equal(Placeholders(pair.Value), Placeholders(texts[pair.Key])));
        if (language != "en") Assert.DoesNotContain(english.All, pair => pair.Value.Length > 12 && texts[pair.Key] == pair.Value);
        foreach (Operations operation in Enum.GetValues<Operations>().Where(static operation => System.Numerics.BitOperations.PopCount((uint)operation) == 1)) Assert.NotEmpty(texts[$"acts.{operation}"]);

        static IEnumerable<char> Placeholders(string text) => text.Zip(text.Skip(1)).Where(static pair => pair.First == '{').Select(static pair => pair.Second).Order();
    }

    [Fact]
    public async Task Dismiss_OneNotice_IsNotShownAgainByAnySurface()
    {
        TrustFlow commandLine = fixture.Open();
        await fixture.GrantAsync(commandLine);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await fixture.GrantAsync(commandLine);
        SurfaceConnection one = await ConnectAsync();
        IReadOnlyList<SurfaceNotice> both = one.Status.Notices;
        Assert.Equal(2, both.Count);
        Assert.True(both[0].At < both[1].At);

        await one.DoAsync(new SurfaceAction.Dismiss(both[0].Id), Cancel);

        Assert.Equal(both[1], Assert.Single(one.Status.Notices));
        await one.DoAsync(new SurfaceAction.Dismiss(both[0].Id), Cancel);
        Assert.Single(Directory.GetFiles(Notices));
        await Assert.ThrowsAsync<SurfaceException>(() => one.DoAsync(new SurfaceAction.Dismiss("../grants"), Cancel));
    }

    [Fact]
    public async Task TooMany_OldestOfTheSameKindGoes()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        var store = new NoticeStore(StateDirectory.Open(fixture.State), new NoticeWords(CultureInfo.InvariantCulture, TimeZoneInfo.Utc), fixture.Options.Logger);
        for (int number = 0; number <= NoticeStore.MaxNotices; number++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            store.Add(new SessionNotice
            {
                At = fixture.Time.GetUtcNow(), Technician = $"Alex {number}", Reason = new string('r', 100_000), Began = fixture.Time.GetUtcNow(), Lasted = TimeSpan.Zero, Used = Operations.All,
                End = RefusalReason.Stopped, Notes = new string('n', 100_000),
            });
        }

        IReadOnlyList<SurfaceNotice> notices = store.Read();

        Assert.Equal(NoticeStore.MaxNotices + 1, notices.Count);
        Assert.Equal(Convert.ToHexStringLower(grant.Id.Span), notices[0].GrantId);
        Assert.StartsWith("Alex 1 ", notices[1].Title, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(Notices), file => Assert.True(new FileInfo(file).Length <= NoticeStore.MaxBytes));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"version":2,"kind":"grant"}""")]
    [InlineData("""{"version":1,"kind":"session","at":-5}""")]
    public async Task Damaged_IsShownAsThatAndCanBeDismissed(string content)
    {
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);
        await File.WriteAllTextAsync(Assert.Single(Directory.GetFiles(Notices)), content, Cancel);
        SurfaceConnection connection = await ConnectAsync();

        SurfaceNotice notice = Assert.Single(connection.Status.Notices);

        Assert.Equal("A notice cannot be read", notice.Title);
        await connection.DoAsync(new SurfaceAction.Dismiss(notice.Id), Cancel);
        Assert.Empty(connection.Status.Notices);
    }

    [Fact]
    public async Task OtherFilesInTheDirectory_AreLeftAlone()
    {
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);
        await File.WriteAllTextAsync(Path.Combine(Notices, "readme.json"), "x", Cancel);
        await File.WriteAllTextAsync(Path.Combine(Notices, "grant-notes.txt"), "x", Cancel);

        Assert.Single((await ConnectAsync()).Status.Notices);
        Assert.Equal(3, Directory.GetFiles(Notices).Length);
    }

    [Fact]
    public async Task CannotBeKept_TheSessionEndsAllTheSame()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        Directory.Delete(Notices, recursive: true);
        await File.WriteAllTextAsync(Notices, "in the way", Cancel);

        await session.DisposeAsync();

        Assert.Single(TrustFixture.History(trust, "session.ended"));
        Assert.Empty((await ConnectAsync()).Status.Notices);
    }

    private async Task<SurfaceConnection> ConnectAsync()
    {
        fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        connections.Add(await SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.InvariantCulture, fixture.Time, Cancel));
        return connections[^1];
    }
}
