using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The agent, from the surface's own process, over the agent's socket (docs/surface.md). Says every 500 ms whether it is shown, and at once when that
/// changes; it is not when <see cref="ReportShown(SurfaceStatus?)"/> was not called for 1 s. A handler of <see cref="StatusChanged"/> that throws ends
/// the connection, and disposal throws what it threw. Thread-safe.
/// </summary>
public sealed class SurfaceConnection : ISurfaceAgent
{
    /// <summary>How often the agent is told.</summary>
    internal static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Nothing heard of the agent for this long means that it is gone; it says something every 500 ms.</summary>
    internal static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(10);

    /// <summary>For how long a report of what is shown is good: a thread that draws and hangs reports nothing more.</summary>
    internal static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(1);

    private readonly ILink link;
    private readonly TimeProvider time;
    private readonly NoticeWords words;
    private readonly CancellationTokenSource over = new();
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly Lock gate = new();
    private readonly Dictionary<long, TaskCompletionSource<JsonObject>> waiting = [];
    private SurfaceStatus status = new() { ComputerName = "" };
    private Task running = Task.CompletedTask;
    private Task early = Task.CompletedTask;
    private long seen;
    private long lastId;
    private long beats;
    private SurfaceStatus? shown;
    private long shownAt;
    private bool saysShown;
    private bool isBeatDue;
    private bool isGone;
    private int disposed;

    private SurfaceConnection(ILink link, CultureInfo culture, TimeProvider time)
    {
        this.link = link;
        words = new NoticeWords(culture, time.LocalTimeZone);
        this.time = time;
    }

    /// <inheritdoc/>
    public event EventHandler? StatusChanged;

    /// <inheritdoc/>
    public SurfaceStatus Status
    {
        get
        {
            lock (gate) return status;
        }
    }

    /// <inheritdoc/>
    public bool IsConnected
    {
        get
        {
            lock (gate) return !isGone;
        }
    }

    /// <summary>How many heartbeats have gone out.</summary>
    internal long Beats => Interlocked.Read(ref beats);

    /// <summary>Completes when what was reported last has gone out.</summary>
    internal Task Reported
    {
        get
        {
            lock (gate) return early;
        }
    }

    /// <summary>Connects to the agent that serves a state directory of this account, and has its status when it returns.</summary>
    /// <param name="stateDirectory">The agent's state directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">There is no agent to be reached, or it does not take this program for a surface.</exception>
    public static Task<SurfaceConnection> OpenAsync(string stateDirectory, CancellationToken cancellationToken = default) => OpenAsync(stateDirectory, CultureInfo.CurrentUICulture, cancellationToken);

    /// <summary>The same, with the notices in a language of the person's.</summary>
    /// <param name="stateDirectory">The agent's state directory.</param>
    /// <param name="culture">English, German, Spanish, French or Japanese; every other one gets English. Default: that of the process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">As with <see cref="OpenAsync(string, CancellationToken)"/>.</exception>
    public static Task<SurfaceConnection> OpenAsync(string stateDirectory, CultureInfo culture, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(stateDirectory);
        ArgumentNullException.ThrowIfNull(culture);
        return OpenAsync(token => SurfaceLinks.ConnectAsync(stateDirectory, token), culture, TimeProvider.System, cancellationToken);
    }

    /// <summary>Connects to an agent of another account, which made its socket elsewhere (<see cref="SurfaceRequirement.SocketPath"/>).</summary>
    /// <param name="socketPath">The socket. Whoever can write its directory can pretend to be the agent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">As with <see cref="OpenAsync(string, CancellationToken)"/>.</exception>
    public static Task<SurfaceConnection> OpenSocketAsync(string socketPath, CancellationToken cancellationToken = default) => OpenSocketAsync(socketPath, CultureInfo.CurrentUICulture, cancellationToken);

    /// <summary>The same, with the notices in a language of the person's.</summary>
    /// <param name="socketPath">The socket. Whoever can write its directory can pretend to be the agent.</param>
    /// <param name="culture">As with <see cref="OpenAsync(string, CultureInfo, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">As with <see cref="OpenAsync(string, CancellationToken)"/>.</exception>
    public static Task<SurfaceConnection> OpenSocketAsync(string socketPath, CultureInfo culture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return OpenSocketAsync(socketPath, culture, TimeProvider.System, cancellationToken);
    }

    internal static Task<SurfaceConnection> OpenSocketAsync(string socketPath, TimeProvider time, CancellationToken cancellationToken) => OpenSocketAsync(socketPath, CultureInfo.InvariantCulture, time, cancellationToken);

    internal static Task<SurfaceConnection> OpenSocketAsync(string socketPath, CultureInfo culture, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(async token => await UnixLink.ConnectAsync(socketPath, token).ConfigureAwait(false), culture, time, cancellationToken);

    /// <summary>Speaks to an agent over a link that a platform package made, which looked at who is at the other end.</summary>
    /// <param name="connect">Makes the link; a <see cref="ChannelException"/> says that there is none.</param>
    /// <param name="culture">As with <see cref="OpenAsync(string, CultureInfo, CancellationToken)"/>.</param>
    /// <param name="time">For heartbeats. Default: the system's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">As with <see cref="OpenAsync(string, CancellationToken)"/>.</exception>
    public static Task<SurfaceConnection> OpenLinkAsync(Func<CancellationToken, Task<ILink>> connect, CultureInfo culture, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connect);
        ArgumentNullException.ThrowIfNull(culture);
        return OpenAsync(connect, culture, time ?? TimeProvider.System, cancellationToken);
    }

    internal static async Task<SurfaceConnection> OpenAsync(Func<CancellationToken, Task<ILink>> connect, CultureInfo culture, TimeProvider time, CancellationToken cancellationToken)
    {
        ILink link;
        try
        {
            link = await connect(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelException unreachable)
        {
            throw new NoticeWords(culture, time.LocalTimeZone).Refusal(SurfaceProblem.Unreachable, unreachable);
        }
        var connection = new SurfaceConnection(link, culture, time);
        try
        {
            using var silence = new CancellationTokenSource(SilenceLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
            await connection.BeginAsync(either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is not (IOException or InvalidDataException or OperationCanceledException)) throw;
            throw connection.words.Refusal(failure is InvalidDataException ? SurfaceProblem.NotUnderstood : SurfaceProblem.NotAccepted, failure);
        }
    }

    /// <inheritdoc/>
    public void ReportShown(SurfaceStatus? shown) => ReportShown(shown, TimeSpan.Zero);

    /// <summary>The same, of a look that another program took and told of: it counts from then, and not from now.</summary>
    /// <param name="shown">As with <see cref="ReportShown(SurfaceStatus?)"/>.</param>
    /// <param name="age">How long ago that program was asked to look; 0 or more. From 1 s on it is as good as not shown.</param>
    public void ReportShown(SurfaceStatus? shown, TimeSpan age)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        lock (gate)
        {
            if (isGone) return;
            bool isNews = saysShown != shown is not null || (shown is not null && shown.Number != this.shown?.Number);
            (this.shown, shownAt) = (shown, time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency));
            // One that waits is enough: it says what is so when it goes out.
            if (!isNews || isBeatDue) return;
            isBeatDue = true;
            early = BeatAfterAsync(early);
        }
    }

    /// <inheritdoc/>
    public async Task DoAsync(SurfaceAction action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        await AskAsync(SurfaceActions.Describe(action), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SurfaceHistoryLine>> ReadHistoryAsync(int skip, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SurfaceHistory.MaxCount);
        JsonObject answer = await AskAsync(new JsonObject { ["do"] = "history", ["skip"] = skip, ["count"] = count, ["language"] = words.Language }, cancellationToken).ConfigureAwait(false);
        return SurfaceLines.Understand(words, () => SurfaceHistory.Read(answer["history"]));
    }

    /// <summary>The accounts whose passwords are stored for fill-in under a grant; without the passwords, which nobody reads back.</summary>
    /// <param name="grantId">32 lower-case hex digits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">They cannot be read, and why.</exception>
    public async Task<IReadOnlyList<StoredCredential>> ReadPasswordsAsync(string grantId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grantId);
        JsonObject answer = await AskAsync(new JsonObject { ["do"] = "passwords", ["grant"] = grantId }, cancellationToken).ConfigureAwait(false);
        return SurfaceLines.Understand(words, () => PasswordActs.Read(answer["passwords"]));
    }

    /// <inheritdoc/>
    public async Task<string> ReadReportAsync(string period, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(period);
        if (period.Length > 64) throw words.Refusal(SurfaceProblem.NoPeriod);
        JsonObject answer = await AskAsync(new JsonObject { ["do"] = "report", ["period"] = period }, cancellationToken).ConfigureAwait(false);
        return SurfaceLines.Understand(words, () => SurfaceStatusJson.Text(answer, "report"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await over.CancelAsync().ConfigureAwait(false);
        await link.DisposeAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        Task last;
        lock (gate)
        {
            isGone = true;
            last = early;
        }
        await last.ConfigureAwait(false);
        sending.Dispose();
        over.Dispose();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        while (seen == 0)
        {
            JsonObject message = await SurfaceLines.ReadAsync(link.Input, SurfaceLines.MaxFromAgent, cancellationToken).ConfigureAwait(false) ?? throw new IOException("The agent closed the connection.");
            Take(message);
        }
        var silence = new CancellationTokenSource(SilenceLimit, time);
        running = Task.WhenAll(Task.Run(() => ReceiveAsync(silence), CancellationToken.None), Task.Run(BeatsAsync, CancellationToken.None));
    }

    private async Task ReceiveAsync(CancellationTokenSource started)
    {
        using CancellationTokenSource silence = started;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, silence.Token);
        try
        {
            while (await SurfaceLines.ReadAsync(link.Input, SurfaceLines.MaxFromAgent, either.Token).ConfigureAwait(false) is { } message)
            {
                silence.CancelAfter(SilenceLimit);
                if (Take(message)) StatusChanged?.Invoke(this, EventArgs.Empty);
            }
        }
        catch (Exception ended) when (ended is IOException or InvalidDataException or OperationCanceledException)
        {
            // How it ended makes no difference to anybody: the agent cannot be heard.
            await link.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Nothing is heard of the agent any more.</summary>
    private void End()
    {
        TaskCompletionSource<JsonObject>[] given;
        lock (gate)
        {
            isGone = true;
            given = [.. waiting.Values];
            waiting.Clear();
        }
        foreach (TaskCompletionSource<JsonObject> request in given) request.TrySetException(Gone());
        StatusChanged?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>True when the status is a new one.</summary>
    private bool Take(JsonObject message)
    {
        if (message["status"] is JsonObject described)
        {
            if (SurfaceStatusJson.Number(message, "version") != SurfaceLines.Version) throw new InvalidDataException("The agent speaks another version.");
            // The agent knows the facts, and this process the person's language.
            SurfaceStatus read = words.Say(SurfaceStatusJson.Read(described)) with { Number = SurfaceStatusJson.Number(message, "number") };
            lock (gate) (status, seen) = (read, read.Number);
            return true;
        }
        if (JsonMembers.Number(message, "id") is not { } id) return false;
        TaskCompletionSource<JsonObject>? request;
        lock (gate) waiting.Remove(id, out request);
        request?.TrySetResult(message);
        return false;
    }

    private async Task BeatsAsync()
    {
        using var timer = new PeriodicTimer(HeartbeatPeriod, time);
        try
        {
            do await BeatAsync().ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(over.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task BeatAfterAsync(Task before)
    {
        await before.ConfigureAwait(false);
        await Task.Run(BeatAsync).ConfigureAwait(false);
    }

    /// <summary>Under the lock.</summary>
    private JsonObject Heartbeat()
    {
        isBeatDue = false;
        TimeSpan age = time.GetElapsedTime(shownAt);
        saysShown = shown is not null && age < ShownFor;
        return saysShown
            ? new JsonObject { ["shown"] = true, ["seen"] = shown!.Number, ["age"] = (long)Math.Ceiling(age.TotalMilliseconds) }
            : new JsonObject { ["shown"] = false, ["seen"] = seen };
    }

    private async Task BeatAsync()
    {
        try
        {
            await SendAsync(Heartbeat, over.Token).ConfigureAwait(false);
            Interlocked.Increment(ref beats);
        }
        catch (Exception ended) when (ended is SurfaceException || (ended is OperationCanceledException && over.IsCancellationRequested))
        {
            // Whoever receives sees the same end, and tells.
            return;
        }
    }

    private async Task<JsonObject> AskAsync(JsonObject request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        long id;
        lock (gate)
        {
            if (isGone) throw Gone();
            id = ++lastId;
            waiting.Add(id, answer);
        }
        try
        {
            request["id"] = id;
            await SendAsync(() => request, cancellationToken).ConfigureAwait(false);
            JsonObject given = await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return JsonMembers.Text(given, "error").Length > 0 ? throw words.Refusal(given) : given;
        }
        finally
        {
            lock (gate) waiting.Remove(id);
        }
    }

    /// <summary>What is sent is made when it is its turn, so that it is what is so then.</summary>
    private async Task SendAsync(Func<JsonObject> message, CancellationToken cancellationToken)
    {
        try
        {
            await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                byte[] line;
                lock (gate) line = SurfaceLines.Write(message());
                await link.Output.WriteAsync(line, over.Token).ConfigureAwait(false);
            }
            finally
            {
                sending.Release();
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException || (broken is OperationCanceledException && over.IsCancellationRequested))
        {
            throw Gone(broken);
        }
    }

    private SurfaceException Gone(Exception? inner = null) => words.Refusal(SurfaceProblem.Gone, inner);
}
