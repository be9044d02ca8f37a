using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>An agent that is made up: one agreement, one session, and everything the customer does to them. It says on standard output what it was asked. Thread-safe.</summary>
internal sealed class DemoSurfaceAgent : ISurfaceAgent
{
    private const string GrantId = "000102030405060708090a0b0c0d0e0f", SessionId = "101112131415161718191a1b1c1d1e1f";
    private readonly Lock changing = new();
    private readonly TimeProvider time;
    private readonly List<SurfaceHistoryLine> history = [];
    private SurfaceStatus status;

    public DemoSurfaceAgent(TimeProvider time)
    {
        this.time = time;
        DateTimeOffset now = time.GetUtcNow();
        var grant = new SurfaceGrant
        {
            Id = GrantId, Nickname = "Contoso:Front desk:Ada", State = GrantState.Live, Operations = Operations.ViewScreen | Operations.ControlInput | Operations.TransferFiles,
            NotAfter = now.AddDays(90), Hours = "Mon–Fri 18:00–22:00", ConsentedBy = "Ada Byron",
        };
        var session = new SurfaceSession
        {
            Id = SessionId, Technician = "Grace Hopper", Nickname = grant.Nickname, Reason = "Updates of the booking system after closing time", Operations = grant.Operations,
            Used = Operations.ViewScreen, IsWatching = true, Began = now, ExpiresAt = now.AddHours(2),
        };
        status = new SurfaceStatus { ComputerName = "front-desk", Grants = [grant], Sessions = [session], Folders = [new SurfaceFolder("Invoices", "/srv/invoices", IsReadOnly: true, IsCustomers: true)] };
        Note("Ada Byron agreed to “Contoso:Front desk:Ada”");
        Note("Grace Hopper connected");
    }

    public SurfaceStatus Status => Volatile.Read(ref status);

    public event EventHandler? StatusChanged;

    public bool IsConnected => true;

    public void ReportShown(SurfaceStatus? shown)
    {
    }

    public Task DoAsync(SurfaceAction action, CancellationToken cancellationToken)
    {
        lock (changing)
        {
            Console.WriteLine(action);
            Volatile.Write(ref status, After(status, action));
        }

        StatusChanged?.Invoke(this, EventArgs.Empty);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<SurfaceHistoryLine>> ReadHistoryAsync(int skip, int count, CancellationToken cancellationToken)
    {
        lock (changing) return Task.FromResult<IReadOnlyList<SurfaceHistoryLine>>([.. history.AsEnumerable().Reverse().Skip(skip).Take(count)]);
    }

    public Task<string> ReadReportAsync(string period, CancellationToken cancellationToken) =>
        Task.FromResult($"<!doctype html><meta charset=utf-8><title>{period}</title><p>A demonstration: the report of {period} would stand here.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SurfaceStatus After(SurfaceStatus before, SurfaceAction action)
    {
        switch (action)
        {
            case SurfaceAction.StopSessions: return Ended(before);
            case SurfaceAction.Block block:
                Note("Everybody is kept out");
                return Ended(before) with { BlockedUntil = block.Until ?? DateTimeOffset.MaxValue };
            case SurfaceAction.Unblock:
                Note("The block was lifted");
                return before with { BlockedUntil = null };
            case SurfaceAction.Revoke:
                Note("The agreement was taken back");
                return Ended(before) with { Grants = [.. before.Grants.Select(grant => grant with { State = GrantState.Revoked })] };
            case SurfaceAction.Withdraw(_, var operation): return Changed(before, session => session with { Withdrawn = session.Withdrawn | operation, IsWatching = session.IsWatching && operation != Operations.ViewScreen });
            case SurfaceAction.Restore(_, var operation): return Changed(before, session => session with { Withdrawn = session.Withdrawn & ~operation, IsWatching = session.IsWatching || operation == Operations.ViewScreen });
            case SurfaceAction.TakeBackFolder(var name): return before with { Folders = [.. before.Folders.Where(folder => folder.Name != name)] };
            case SurfaceAction.Dismiss(var id): return before with { Notices = [.. before.Notices.Where(notice => notice.Id != id)] };
            default: return before;
        }
    }

    private SurfaceStatus Ended(SurfaceStatus before)
    {
        if (before.Sessions.Count == 0) return before;
        Note("The connection of Grace Hopper was ended at this computer");
        DateTimeOffset now = time.GetUtcNow();
        var notice = new SurfaceNotice
        {
            Id = now.Ticks.ToString("x", System.Globalization.CultureInfo.InvariantCulture), At = now, Title = "Grace Hopper was connected",
            Text = $"For {(now - before.Sessions[0].Began).TotalMinutes:0} minutes.\nSaw the screen.\nNotes: none.",
        };
        return before with { Sessions = [], Notices = [.. before.Notices, notice] };
    }

    private static SurfaceStatus Changed(SurfaceStatus before, Func<SurfaceSession, SurfaceSession> change) => before with { Sessions = [.. before.Sessions.Select(change)] };

    private void Note(string what) => history.Add(new SurfaceHistoryLine(time.GetUtcNow(), what, SessionId));
}
