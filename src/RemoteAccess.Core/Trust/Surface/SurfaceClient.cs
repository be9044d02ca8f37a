using System.Text.Json.Nodes;
using System.Threading.Channels;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// One connected surface. Heartbeats are read at once, whatever else it has asked for; requests are answered one after another, but for a password, which a person types meanwhile: to stop
/// everything does not wait for that. The newest status is written whenever there is one. Whoever is silent, floods, does not read, or says what no surface says is cut off.
/// </summary>
internal sealed class SurfaceClient
{
    /// <summary>A surface says something every 500 ms; one that was frozen for longer has to connect again.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long one line may take to be taken.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);

    /// <summary>Lines within one second.</summary>
    public const int MaxLines = 200;

    private const int MaxRequests = 16;

    private readonly ILink link;
    private readonly string actor;
    private readonly SurfaceStatusBook book;
    private readonly SurfacePresence presence;
    private readonly SurfaceActs acts;
    private readonly TimeProvider time;
    private readonly Channel<JsonObject> requests = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(MaxRequests) { SingleReader = true, SingleWriter = true });
    private readonly Channel<JsonObject> passwords = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
    private readonly Channel<byte[]> answers = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1) { SingleReader = true });
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private volatile bool isTyping;

    public SurfaceClient(ILink link, string actor, SurfaceStatusBook book, SurfacePresence presence, SurfaceActs acts, TimeProvider time)
    {
        this.link = link;
        this.actor = actor;
        this.book = book;
        this.presence = presence;
        this.acts = acts;
        this.time = time;
    }

    /// <summary>There may be something to write; when there is not, a sign of life is.</summary>
    public void Ring() => bell.Writer.TryWrite(true);

    /// <summary>Serves it until it is gone or cut off, and says why. The link is closed then.</summary>
    public async Task<string> RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task<string>[] parts = [ReadAsync(over.Token), EndsAsync(() => WorkAsync(requests, over.Token), stopping), EndsAsync(() => WorkAsync(passwords, over.Token), stopping), EndsAsync(() => WriteAsync(over.Token), stopping)];
        try
        {
            return await (await Task.WhenAny(parts).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            presence.Forget(this);
            await over.CancelAsync().ConfigureAwait(false);
            await link.DisposeAsync().ConfigureAwait(false);
            await Task.WhenAll(parts).ConfigureAwait(false);
        }
    }

    private async Task<string> ReadAsync(CancellationToken over)
    {
        using var silence = new CancellationTokenSource(SilenceLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, silence.Token);
        long since = time.GetTimestamp();
        int lines = 0;
        return await EndsAsync(
            async () =>
            {
                while (await SurfaceLines.ReadAsync(link.Input, SurfaceLines.MaxFromSurface, either.Token).ConfigureAwait(false) is { } message)
                {
                    silence.CancelAfter(SilenceLimit);
                    if (time.GetElapsedTime(since) >= TimeSpan.FromSeconds(1)) (since, lines) = (time.GetTimestamp(), 0);
                    if (++lines > MaxLines) throw new InvalidDataException("It sends too much.");
                    Take(message);
                }
            },
            over).ConfigureAwait(false);
    }

    private void Take(JsonObject message)
    {
        if (message["shown"] is not null) presence.Report(this, SurfaceStatusJson.Flag(message, "shown"), SurfaceStatusJson.Number(message, "seen"), Age(message));
        else if (JsonMembers.Number(message, "id") is null) throw new InvalidDataException("A line is neither a heartbeat nor a request.");
        else if (JsonMembers.Text(message, "do") == "password" && !isTyping) Ask(message);
        else if (!requests.Writer.TryWrite(message)) throw new InvalidDataException("Too many requests wait.");
    }

    /// <summary>There is room: none waits and none is open.</summary>
    private void Ask(JsonObject message)
    {
        isTyping = true;
        passwords.Writer.TryWrite(message);
    }

    /// <summary>How long ago it was looked at; what is too long for a surface to count is all the same.</summary>
    private static TimeSpan Age(JsonObject message) =>
        message["age"] is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Clamp(SurfaceStatusJson.Number(message, "age"), 0, (long)SurfacePresence.EndsAfter.TotalMilliseconds));

    private async Task WorkAsync(Channel<JsonObject> asked, CancellationToken over)
    {
        await foreach (JsonObject request in asked.Reader.ReadAllAsync(over).ConfigureAwait(false))
        {
            JsonObject answer = await acts.AnswerAsync(request, actor, over).ConfigureAwait(false);
            // Before the answer: whoever has it may ask again.
            if (asked == passwords) isTyping = false;
            await answers.Writer.WriteAsync(SurfaceLines.Write(answer), over).ConfigureAwait(false);
            Ring();
        }
    }

    private async Task WriteAsync(CancellationToken over)
    {
        long written = 0;
        do
        {
            // Before anything is looked for: a ring from now on is for the next turn.
            bell.Reader.TryRead(out _);
            bool saidSomething = false;
            // The answer first taken, then the status: what an answer tells is in the status before it.
            bool hasAnswer = answers.Reader.TryRead(out byte[]? answer);
            if (book.Page is var page && page.Number > written)
            {
                await WriteAsync(page.Line, over).ConfigureAwait(false);
                (written, saidSomething) = (page.Number, true);
            }
            if (hasAnswer)
            {
                await WriteAsync(answer!, over).ConfigureAwait(false);
                saidSomething = true;
            }
            if (!saidSomething) await WriteAsync("{}\n"u8.ToArray(), over).ConfigureAwait(false);
        }
        while (await bell.Reader.WaitToReadAsync(over).ConfigureAwait(false));
    }

    private async Task WriteAsync(byte[] line, CancellationToken over)
    {
        using var limit = new CancellationTokenSource(WriteLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, limit.Token);
        await link.Output.WriteAsync(line, either.Token).ConfigureAwait(false);
    }

    /// <summary>How a part of the service ended, in words; only what no peer can bring about is thrown on.</summary>
    private static async Task<string> EndsAsync(Func<Task> part, CancellationToken over)
    {
        try
        {
            await part().ConfigureAwait(false);
            return "it closed the connection";
        }
        catch (InvalidDataException wrong)
        {
            return wrong.Message;
        }
        catch (IOException broken)
        {
            return broken.Message;
        }
        catch (OperationCanceledException)
        {
            return over.IsCancellationRequested ? "the agent ended the connection" : "it was silent or did not read";
        }
    }
}
