using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A process is killed with SIGKILL while it serves a session; whoever opens the state then says so, once. Clock and processes are real.</summary>
public sealed class LostSessionTests : IAsyncLifetime
{
    private readonly TrustFixture fixture = new();
    private Grant? grant;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string GrantFile => Path.Combine(fixture.Root, "grant.pem");

    private string Marks => Path.Combine(fixture.State, "sessions");

    public async ValueTask InitializeAsync()
    {
        await using TrustFlow trust = Open();
        var terms = new GrantTerms { Operations = Operations.ViewScreen, NotAfter = TimeProvider.System.GetUtcNow().AddDays(1) };
        grant = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(terms, TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();
        Assert.Equal(InstallOutcome.Installed, await trust.InstallAsync(grant, verifier, "Contoso:Office:Ada", TrustFixture.Consent, Cancel));
        await File.WriteAllTextAsync(GrantFile, grant.ToPem(), Cancel);
    }

    [Fact]
    public async Task Open_AfterKill9InASession_RecordsItAndTellsTheCustomerOnce()
    {
        Guid session = await KillInASessionAsync();

        (LedgerEntry[] lost, SurfaceNotice[] notices) = await OpenAndReadAsync();
        (LedgerEntry[] again, SurfaceNotice[] noticesAgain) = await OpenAndReadAsync();

        LedgerEntry entry = Assert.Single(lost);
        Assert.Equal((session, "agent"), (new Guid(entry.SessionId.Span), (string?)entry.Actor()["kind"]));
        Assert.True(entry.GrantId.Span.SequenceEqual(grant!.Id.Span));
        Assert.Equal(["ViewScreen"], JsonMembers.Texts(entry.Data(), "used"));
        Assert.EndsWith("Used: see the screen.", HistoryLine.Describe(entry), StringComparison.Ordinal);
        SurfaceNotice notice = Assert.Single(notices);
        Assert.Equal("Crash Victim was connected to this computer", notice.Title);
        Assert.Contains("for at least ", notice.Text, StringComparison.Ordinal);
        Assert.EndsWith("\nIt broke off without an end being recorded: the computer lost power, or the program for remote support was killed.", notice.Text, StringComparison.Ordinal);
        Assert.Equal(entry.Sequence, Assert.Single(again).Sequence);
        Assert.Equal(notice.Id, Assert.Single(noticesAgain).Id);
        Assert.Empty(Directory.GetFiles(Marks));
        ReportedSession reported = Assert.Single(Report().Sessions);
        Assert.Equal((ReportedEnd.Lost, "Crash Victim"), (reported.End, reported.Technician));
        Assert.True(reported.LastSeen < entry.Time);
        Assert.True(LedgerVerifier.VerifyState(fixture.State).Ok);
    }

    [Fact]
    public async Task Open_WhileTheSessionRunsInAnotherProcess_RecordsNothing()
    {
        using Process victim = await StartAsync();

        (LedgerEntry[] lost, SurfaceNotice[] notices) = await OpenAndReadAsync();
        await KillAsync(victim);
        string mark = Assert.Single(Directory.GetFiles(Marks));

        Assert.Empty(lost);
        Assert.Empty(notices);
        Assert.Equal(Path.GetFileName(mark), Convert.ToHexStringLower(Assert.Single((await OpenAndReadAsync()).Lost).SessionId.Span));
    }

    [Fact]
    public async Task Open_ManyAtTheSameMoment_RecordEachSessionOnce()
    {
        for (int session = 0; session < 3; session++) await KillInASessionAsync();

        TrustFlow[] opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(Open, Cancel)));
        foreach (TrustFlow trust in opened) await trust.DisposeAsync();
        (LedgerEntry[] lost, SurfaceNotice[] notices) = await OpenAndReadAsync();

        Assert.Equal(3, lost.Select(entry => Convert.ToHexString(entry.SessionId.Span)).Distinct().Count());
        Assert.Equal((3, 3), (lost.Length, notices.Length));
    }

    /// <summary>As if the process that records it had been killed too: before the notice, before the mark was gone, with the mark cut short.</summary>
    [Theory]
    [InlineData(true, "0\n")]
    [InlineData(false, "0\n")]
    [InlineData(false, "")]
    [InlineData(true, "99")]
    public async Task Open_AfterBeingCutOffWhileItRecorded_FinishesWithoutRepeating(bool isNoticeThere, string mark)
    {
        Guid session = await KillInASessionAsync();
        (LedgerEntry[] lost, SurfaceNotice[] notices) = await OpenAndReadAsync();
        if (!isNoticeThere) Directory.Delete(Path.Combine(fixture.State, "notices"), recursive: true);
        PrivateFile.Write(Path.Combine(Marks, Convert.ToHexStringLower(session.ToByteArray())), System.Text.Encoding.ASCII.GetBytes(mark));

        (LedgerEntry[] again, SurfaceNotice[] noticesAgain) = await OpenAndReadAsync();

        Assert.Equal(Assert.Single(lost).Sequence, Assert.Single(again).Sequence);
        Assert.Equal((Assert.Single(notices).Id, notices[0].Text), (Assert.Single(noticesAgain).Id, noticesAgain[0].Text));
        Assert.Empty(Directory.GetFiles(Marks));
    }

    [Fact]
    public async Task Open_MarkOfASessionThatNeverBeganOrHasItsEnd_IsRemovedWithoutAWord()
    {
        string id;
        await using (TrustFlow trust = Open())
        {
            LiveSession session = await TrustFixture.ConnectAsync(trust, Request());
            id = Assert.Single(Directory.GetFiles(Marks));
            Assert.Equal(Path.GetFileName(id), Convert.ToHexStringLower(session.Id.Span));
            await session.EndAsync(RefusalReason.SessionEnded, "", Cancel);
            Assert.Empty(Directory.GetFiles(Marks));
        }
        PrivateFile.Write(id, "0\n"u8.ToArray());
        PrivateFile.Write(Path.Combine(Marks, new string('5', 32)), "0\n"u8.ToArray());

        (LedgerEntry[] lost, SurfaceNotice[] notices) = await OpenAndReadAsync();

        Assert.Empty(lost);
        Assert.Single(notices);
        Assert.Empty(Directory.GetFiles(Marks));
    }

    /// <summary>Its own process said how it ended; only the record of it is missing.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Open_SessionWhoseEndCouldNotBeRecorded_IsRecordedAsLostWithoutASecondNotice()
    {
        await using (TrustFlow trust = Open())
        {
            LiveSession session = await TrustFixture.ConnectAsync(trust, Request());
            using (FileLock.TryTake(Path.Combine(fixture.State, "ledger", "lock"))) await session.EndAsync(RefusalReason.SessionEnded, "", Cancel);
            Assert.Null(session.RecordedEnd);
        }

        (LedgerEntry[] lost, SurfaceNotice[] notices) = await OpenAndReadAsync();

        Assert.Single(lost);
        Assert.DoesNotContain("at least", Assert.Single(notices).Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Marks));
    }

    [Fact]
    public async Task Accept_MarkCannotBeMade_RefusesTheSession()
    {
        await using TrustFlow trust = Open();
        await File.WriteAllTextAsync(Marks, "in the way", Cancel);

        PakeAdmission admission = await TrustFixture.AdmitAsync(trust, Request());
        SessionDecision decision = await trust.Gate.AcceptAsync(admission, new byte[16], Cancel);

        Assert.Equal(RefusalReason.RecordUnavailable, decision.Refusal);
        Assert.Empty(TrustFixture.History(trust, "session.accepted"));
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private ConnectRequest Request() => fixture.Request(grant!) with { Certificate = fixture.Tenant.IssueCertificate("Alex Tester", Operations.All, TimeProvider.System.GetUtcNow()) };

    private TrustFlow Open() => TrustFlow.Open(new TrustOptions { StateDirectory = fixture.State });

    private LedgerReport Report() => LedgerReport.Build(LedgerReader.ReadState(fixture.State, new LedgerQuery()), ReportPeriod.All(TimeZoneInfo.Utc), TimeProvider.System.GetUtcNow());

    private async Task<(LedgerEntry[] Lost, SurfaceNotice[] Notices)> OpenAndReadAsync()
    {
        await using TrustFlow trust = Open();
        var words = new NoticeWords(CultureInfo.InvariantCulture, TimeZoneInfo.Utc);
        var notices = new NoticeStore(StateDirectory.Open(fixture.State), words, NullLogger.Instance);
        return ([.. trust.ReadHistory(new LedgerQuery { Types = ["session.lost"] })], [.. notices.Read().Where(notice => notice.GrantId is null)]);
    }

    private async Task<Guid> KillInASessionAsync()
    {
        using Process victim = await StartAsync();
        await KillAsync(victim);
        return new Guid(LedgerReader.ReadState(fixture.State, new LedgerQuery { Types = ["session.accepted"], NewestFirst = true }).First().SessionId.Span);
    }

    private async Task<Process> StartAsync()
    {
        Wine.Skip("a program of its own has no dotnet to start another with");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "RemoteAccess.CrashVictim.dll"), "session", fixture.State, Path.Combine(fixture.Root, "tenant"), GrantFile])
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The victim did not start.");
        foreach (string word in (string[])["opening", "admitted", "running"]) Assert.Equal(word, await process.StandardOutput.ReadLineAsync(Cancel));
        return process;
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(Cancel);
    }
}
