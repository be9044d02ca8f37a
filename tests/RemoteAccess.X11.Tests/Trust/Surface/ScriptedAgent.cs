using System.Collections.Concurrent;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>An agent that says what the test says, and notes what the surface asks of it.</summary>
internal sealed class ScriptedAgent : ISurfaceAgent
{
    private SurfaceStatus status = Idle;
    private volatile bool isConnected = true;
    private SurfaceStatus? seen;
    private int reports;
    private int shown = -1;

    public const string GrantId = "000102030405060708090a0b0c0d0e0f", OtherGrantId = "101112131415161718191a1b1c1d1e1f", SessionId = "202122232425262728292a2b2c2d2e2f";

    public static DateTimeOffset Began { get; } = new(2026, 3, 9, 13, 5, 0, TimeSpan.Zero);

    public static SurfaceGrant Grant { get; } = new()
    {
        Id = GrantId, Nickname = "Contoso:Front desk:Ada", State = GrantState.Live, Operations = Operations.ViewScreen | Operations.ControlInput | Operations.TransferFiles,
        NotAfter = new DateTimeOffset(2026, 12, 31, 22, 59, 0, TimeSpan.Zero), Hours = "Mon–Fri 18:00–22:00 Europe/Berlin", ConsentedBy = "Ada Byron",
    };

    public static SurfaceGrant OtherGrant { get; } = new()
    {
        Id = OtherGrantId, Nickname = "Fabrikam:Till", State = GrantState.LockedOut, Operations = Operations.ViewScreen, NotAfter = new DateTimeOffset(2027, 1, 31, 22, 59, 0, TimeSpan.Zero),
        ConsentedBy = "Ada Byron", FailedAttempts = 12, NeedsUnlock = true,
    };

    public static SurfaceSession Session { get; } = new()
    {
        Id = SessionId, Technician = "Grace Hopper", Nickname = "Contoso:Front desk:Ada", Reason = "Updates of the booking system after closing time",
        Operations = Operations.ViewScreen | Operations.ControlInput | Operations.TransferFiles | Operations.Chat, Used = Operations.ViewScreen | Operations.ControlInput,
        IsWatching = true, Began = Began, ExpiresAt = Began.AddHours(2),
    };

    public static SurfaceNotice Notice { get; } = new()
    {
        Id = "n1", At = Began.AddMinutes(48), Title = "Grace Hopper was connected for 47 minutes",
        Text = "From 14:05 to 14:52.\nSaw the screen, used mouse and keyboard, sent 2 files.\nNotes: Installed the update of the booking system; restarted its service.",
    };

    public static SurfaceNotice GrantNotice { get; } = new()
    {
        Id = "n2", At = Began, Title = "An agreement was made at this computer", Text = "Contoso IT may connect until 31 December. Ada Byron agreed.", GrantId = GrantId,
    };

    public static SurfaceFolder Folder { get; } = new("Invoices", "/srv/invoices of the front desk", IsReadOnly: true, IsCustomers: true);

    public static SurfaceFolder HostFolder { get; } = new("Updates", "/var/lib/contoso/updates", IsReadOnly: false, IsCustomers: false);

    public static SurfaceStatus Idle { get; } = new() { ComputerName = "front-desk", Grants = [Grant, OtherGrant] };

    public static SurfaceStatus Watched { get; } = Idle with { Sessions = [Session] };

    public SurfaceStatus Status => Volatile.Read(ref status);

    public event EventHandler? StatusChanged;

    public bool IsConnected => isConnected;

    public ConcurrentQueue<SurfaceAction> Done { get; } = [];

    public ConcurrentQueue<string> Read { get; } = [];

    /// <summary>What is answered to an action; null is that it is done.</summary>
    public Func<SurfaceAction, Exception?> Answer { get; set; } = _ => null;

    public int HistoryLength { get; set; } = 60;

    /// <summary>The history itself, newest first, where a test has one.</summary>
    public IReadOnlyList<SurfaceHistoryLine>? History { get; set; }

    /// <summary>Null before the first report.</summary>
    public bool? Shown => Volatile.Read(ref shown) switch { 0 => false, 1 => true, _ => null };

    public int Reports => Volatile.Read(ref reports);

    public void Say(SurfaceStatus next)
    {
        Volatile.Write(ref status, next);
        StatusChanged?.Invoke(this, EventArgs.Empty);
    }

    public void Go()
    {
        isConnected = false;
        StatusChanged?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>The status that was reported last as seen.</summary>
    public SurfaceStatus? Seen => Volatile.Read(ref seen);

    public void ReportShown(SurfaceStatus? shown)
    {
        Volatile.Write(ref seen, shown);
        Volatile.Write(ref this.shown, shown is null ? 0 : 1);
        Interlocked.Increment(ref reports);
    }

    public Task DoAsync(SurfaceAction action, CancellationToken cancellationToken)
    {
        Done.Enqueue(action);
        return Answer(action) is { } error ? Task.FromException(error) : Task.CompletedTask;
    }

    public Task<IReadOnlyList<SurfaceHistoryLine>> ReadHistoryAsync(int skip, int count, CancellationToken cancellationToken)
    {
        Read.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{skip}+{count}"));
        if (History is { } lines) return Task.FromResult<IReadOnlyList<SurfaceHistoryLine>>([.. lines.Skip(skip).Take(count)]);
        string[] what = ["Grace Hopper connected", "Grace Hopper saw the screen", "Grace Hopper used mouse and keyboard", "Two files were sent: update.zip, notes.txt", "The connection ended: the technician left"];
        return Task.FromResult<IReadOnlyList<SurfaceHistoryLine>>([.. Enumerable.Range(skip, Math.Max(0, Math.Min(count, HistoryLength - skip)))
            .Select(i => new SurfaceHistoryLine(Began.AddMinutes(47).AddMinutes(-97 * i), $"{what[4 - (i % 5)]} (line {i})", SessionId))]);
    }

    public Task<string> ReadReportAsync(string period, CancellationToken cancellationToken)
    {
        Read.Enqueue(period);
        return Task.FromResult($"<!doctype html><title>{period}</title>");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
