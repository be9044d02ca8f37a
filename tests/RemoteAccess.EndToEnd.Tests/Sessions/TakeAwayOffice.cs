using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>One computer's state for many visits, on a memory file system where there is one: what is tried here is order in time, not the disk.</summary>
internal sealed class TakeAwayOffice : IAsyncDisposable
{
    private const string Memory = "/dev/shm";
    private readonly string root = Directory.Exists(Memory) ? Path.Combine(Memory, "ra-" + Guid.NewGuid().ToString("N")) : Directory.CreateTempSubdirectory("ra-e2e-").FullName;
    private readonly TenantIdentity tenant;
    private readonly TrustFlow elsewhere;
    private readonly AccessVerifier verifier = Helpdesk.Code.ToVerifier();
    private readonly PatientPrompt prompt = new();
    private readonly ConsentDesk desk;
    private CancellationTokenSource closing = new();
    private Task asking = Task.CompletedTask;
    private TaskCompletionSource all = new();
    private int awaited;

    public TakeAwayOffice()
    {
        Directory.CreateDirectory(root);
        tenant = TenantIdentity.Create(Path.Combine(root, "tenant"));
        desk = new ConsentDesk(prompt, Time);
        Trust = Open();
        elsewhere = Open();
    }

    public SteppingTime Time { get; } = new();

    public TrustFlow Trust { get; }

    /// <summary>A technician with a fresh certificate: the clock is stepped by many hours.</summary>
    public RemoteAccessViewer NewViewer() => new(tenant.TechnicianKey, tenant.IssueCertificate("Alex Tester", Operations.All, Time.GetUtcNow()), Time);

    /// <summary>So many visits are about to come; for hours, the clock goes to so long before a full minute, and is never set between their grants.</summary>
    public void BeginRound(TakeAway way, TimeSpan soon, int visits)
    {
        if (way == TakeAway.HoursEnd) Time.Step(TimeSpan.FromSeconds((120 - (int)soon.TotalSeconds - Time.GetUtcNow().Second) % 60));
        (awaited, all) = (visits, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>A new grant, in force for now, that a clock moved by <paramref name="soon"/> ends.</summary>
    public async Task<Grant> GrantAsync(TakeAway way, TimeSpan soon)
    {
        var consent = new OnSiteConsent { Statement = "Until I take it back.", ConsentedBy = "Erika", Method = ConsentMethod.OnSiteVerbal };
        DateTimeOffset now = Time.GetUtcNow();
        var policy = new GrantPolicy();
        if (way == TakeAway.HoursEnd)
        {
            int end = (int)(now + soon).TimeOfDay.TotalMinutes % (24 * 60);
            policy = new GrantPolicy { Hours = new WeeklyHours("UTC", [new HoursWindow(Enum.GetValues<DayOfWeek>(), (end + (23 * 60)) % (24 * 60), end == 0 ? 24 * 60 : end)]) };
        }
        var terms = new GrantTerms { Operations = Operations.ViewScreen | Operations.ControlInput, NotAfter = way == TakeAway.Expire ? now + soon : now.AddDays(1), Policy = policy };
        Grant grant = tenant.Countersign(Trust.DraftOnSiteGrant(terms, consent, tenant.PublicKey.Span));
        Assert.Equal(InstallOutcome.Installed, await Trust.InstallAsync(grant, verifier, "Contoso:Front desk:Erika", consent, Helpdesk.Limit()));
        return grant;
    }

    public async Task TakeAwayAsync(TakeAway way, Grant grant, TimeSpan soon)
    {
        switch (way)
        {
            case TakeAway.Revoke: Assert.True(await Trust.RevokeAsync(grant.Id, "Erika", Helpdesk.Limit())); break;
            case TakeAway.RevokeElsewhere: Assert.True(await elsewhere.RevokeAsync(grant.Id, "Erika", Helpdesk.Limit())); break;
            case TakeAway.Block: await Trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Helpdesk.Limit()); break;
            case TakeAway.Stop: await Trust.StopSessionsAsync("Erika", Helpdesk.Limit()); break;
            case TakeAway.Withdraw: Assert.True(await Trust.WithdrawAsync(grant.Id, grant.MaxOperations, "Erika", Helpdesk.Limit())); break;
            case TakeAway.WithdrawElsewhere: Assert.True(await elsewhere.WithdrawAsync(grant.Id, grant.MaxOperations, "Erika", Helpdesk.Limit())); break;
            case TakeAway.WithdrawFromSession: await WithdrawAllAsync(grant); break;
            case TakeAway.Prompt: await OpenPromptAsync(); break;
            default: await StepTogetherAsync(soon); break;
        }
    }

    private async Task StepTogetherAsync(TimeSpan soon)
    {
        if (Interlocked.Decrement(ref awaited) == 0)
        {
            Time.Step(soon);
            all.SetResult();
        }
        await all.Task.WaitAsync(Helpdesk.Limit());
    }

    public async Task GiveBackAsync(TakeAway way)
    {
        if (way == TakeAway.Block) await Trust.UnblockAsync("Erika", Helpdesk.Limit());
        if (way != TakeAway.Prompt) return;
        await closing.CancelAsync();
        await asking;
        closing.Dispose();
        closing = new CancellationTokenSource();
    }

    private async Task WithdrawAllAsync(Grant grant)
    {
        LiveSession session = Trust.Gate.Sessions.Single(live => live.Grant.Id.Span.SequenceEqual(grant.Id.Span));
        await session.WithdrawAsync(Operations.ControlInput, "Erika", Helpdesk.Limit());
        await session.WithdrawAsync(Operations.ViewScreen, "Erika", Helpdesk.Limit());
    }

    private async Task OpenPromptAsync()
    {
        var request = new ConsentRequest { Kind = ConsentKind.SessionStart, Operations = Operations.ViewScreen, TechnicianName = "Somebody else" };
        asking = desk.AskAsync(ConsentPrompt.Create(request, System.Globalization.CultureInfo.InvariantCulture, TimeZoneInfo.Utc), "Erika", closing.Token).AsTask();
        await prompt.Shown.Task.WaitAsync(Helpdesk.Limit());
        prompt.Shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public async ValueTask DisposeAsync()
    {
        closing.Dispose();
        await Trust.DisposeAsync();
        await elsewhere.DisposeAsync();
        verifier.Dispose();
        tenant.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private TrustFlow Open() => TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(root, "state"), ComputerName = "FRONTDESK", TimeProvider = Time, Presence = new CustomerPresence { Desk = desk, IdleTime = () => TimeSpan.FromHours(1) } });

    /// <summary>A person who reads and reads.</summary>
    private sealed class PatientPrompt : IConsentPrompt
    {
        public TaskCompletionSource Shown { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
        {
            Shown.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
