using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>An empty folder for one ledger, with a computer's key and a clock that stands still until it is told to go on.</summary>
internal sealed class LedgerFolder : IDisposable
{
    public LedgerFolder(string? parent = null)
    {
        Root = parent is null ? Directory.CreateTempSubdirectory("ledger-test-").FullName : System.IO.Path.Combine(parent, Guid.NewGuid().ToString("N"));
        Path = System.IO.Path.Combine(Root, "ledger");
    }

    public string Root { get; }

    public string Path { get; }

    public LedgerTestKey Key { get; } = new();

    public LedgerTestClock Clock { get; } = new();

    public static LedgerEvent Event(int number, string type = "test.entry") => new()
    {
        Type = type,
        SessionId = Enumerable.Range(number, 16).Select(value => (byte)value).ToArray(),
        Actor = new JsonObject { ["kind"] = "technician", ["name"] = "Ada €漢😀" },
        Data = new JsonObject { ["number"] = number, ["ok"] = number % 2 == 0, ["list"] = new JsonArray(1, "two", new JsonObject()) },
    };

    public Ledger Open(long segmentSize = LedgerStore.DefaultSegmentSize, ILedgerDisk? disk = null) =>
        Ledger.Open(Path, Key, Clock, disk ?? new FileSystemDisk(), segmentSize);

    public async Task FillAsync(int count, long segmentSize = LedgerStore.DefaultSegmentSize)
    {
        await using Ledger ledger = Open(segmentSize);
        await AppendAsync(ledger, count);
    }

    public static async Task AppendAsync(Ledger ledger, int count)
    {
        for (int i = 0; i < count; i++) await ledger.AppendAsync(Event(i), TestContext.Current.CancellationToken);
    }

    public LedgerVerification Verify() => LedgerVerifier.Verify(Path, Key.PublicKey);

    public string Segment(long first) => LedgerFiles.SegmentPath(Path, first);

    public string Checkpoints => System.IO.Path.Combine(Path, LedgerFiles.Checkpoints);

    public void Dispose()
    {
        Key.Dispose();
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
    }
}

internal sealed class LedgerTestKey : ISigningKey, IDisposable
{
    private readonly EcdsaSigningKey key = EcdsaSigningKey.Create();

    public int Signatures { get; private set; }

    public ReadOnlySpan<byte> PublicKey => key.PublicKey;

    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        lock (key)
        {
            Signatures++;
            key.Sign(data, signature);
        }
    }

    /// <summary>For openssl.</summary>
    public string PublicPem() => new(PemEncoding.Write("PUBLIC KEY", [.. Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200"), .. PublicKey]));

    public string PrivatePem() => new(PemEncoding.Write("PRIVATE KEY", key.ExportPkcs8()));

    public void Dispose() => key.Dispose();
}

/// <summary>Time moves, and timers fire, only in <see cref="Advance"/>.</summary>
internal sealed class LedgerTestClock : TimeProvider
{
    private readonly List<Timer> timers = [];
    private readonly Lock gate = new();
    private DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Called before a timer is set or stopped.</summary>
    public Action? Setting { get; set; }

    public override long TimestampFrequency => 1_000_000_000;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    public override long GetTimestamp() => (GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (gate)
        {
            now += time;
            due = timers.FindAll(timer => timer.Due <= now);
            due.ForEach(timer => timer.Due = DateTimeOffset.MaxValue);
        }

        due.ForEach(timer => timer.Fire());
    }

    private sealed class Timer(LedgerTestClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; } = DateTimeOffset.MaxValue;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            clock.Setting?.Invoke();
            lock (clock.gate) Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock.now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
