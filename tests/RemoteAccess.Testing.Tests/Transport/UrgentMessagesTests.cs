using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>The promise of docs/messages.md: on a 10 Mbit/s link input, control and chat never wait behind files or a picture. In fake time.</summary>
public sealed class UrgentMessagesTests : IAsyncDisposable
{
    private const long LineRate = 10_000_000;
    private const int MiB = 1024 * 1024;

    /// <summary>The promise itself.</summary>
    private static readonly TimeSpan Allowed = TimeSpan.FromMilliseconds(50);

    private readonly FakeTime time = new();
    private readonly ITestOutputHelper output;
    private readonly BadNetworkLink line;
    private readonly MessageChannel host;
    private readonly MessageChannel technician;
    private readonly Dictionary<int, TimeSpan> arrivedAtHost = [];
    private readonly Dictionary<int, TimeSpan> arrivedAtTechnician = [];
    private readonly Dictionary<MessageStream, long> bulkBytes = [];
    private readonly Task loops;
    private bool stopsConsuming;

    public UrgentMessagesTests(ITestOutputHelper output)
    {
        this.output = output;
        BadDirection tenMegabits = new() { BitsPerSecond = LineRate };
        (line, ILink peer) = BadNetworkLink.CreatePair(new BadNetworkOptions { Sending = tenMegabits, Receiving = tenMegabits }, time);
        host = new MessageChannel(new PlainRecords(line), ChannelRole.Host, NullLogger.Instance, inline: true);
        technician = new MessageChannel(new PlainRecords(peer), ChannelRole.Technician, NullLogger.Instance, inline: true);
        Task both = Task.CompletedTask;
        BadNetworkFixture.WithoutContext(() => both = Task.WhenAll(ReceiveAsync(host, arrivedAtHost), ReceiveAsync(technician, arrivedAtTechnician)));
        loops = both;
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await technician.DisposeAsync();
        await Assert.ThrowsAsync<ChannelException>(() => loops);
    }

    [Fact]
    public void Input_HundredMegabytesOfFilesQueued_PassesWithinFiftyMilliseconds()
    {
        byte[] chunk = new byte[MiB];
        List<Task> files = Start(() => [.. Enumerable.Range(0, 100).Select(_ => technician.SendAsync(MessageStream.Files, chunk, CancellationToken.None).AsTask())]);
        Assert.True(technician.QueuedBytes(MessageStream.Files) > 99L * MiB);
        time.Advance(TimeSpan.FromSeconds(1));

        TimeSpan[] latencies = Measure(200, number => technician.SendAsync(Move(number), CancellationToken.None), arrivedAtHost);

        Report("input beside 100 MB of files", latencies);
        Assert.All(latencies, latency => Assert.InRange(latency, TimeSpan.Zero, Allowed));
        // The line was full all the while: the input was quick beside the files, not in their absence.
        Assert.True(technician.QueuedBytes(MessageStream.Files) > 80L * MiB);
        Assert.InRange(BytesOf(MessageStream.Files), 0.9 * LineRate / 8 * time.Elapsed.TotalSeconds - MiB, LineRate / 8.0 * time.Elapsed.TotalSeconds);
        Assert.All(files[20..], file => Assert.False(file.IsCompleted));
    }

    [Fact]
    public void ChatAndControl_FourMegabytePictureAndFilesQueued_PassWithinFiftyMilliseconds()
    {
        byte[] picture = new byte[4 * MiB], chunk = new byte[MiB];
        List<Task> bulk = Start(() =>
        [
            .. Enumerable.Range(0, 10).Select(_ => host.SendAsync(MessageStream.Files, chunk, CancellationToken.None).AsTask()),
            .. Enumerable.Range(0, 4).Select(_ => host.SendAsync(MessageStream.Picture, picture, CancellationToken.None).AsTask()),
        ]);
        time.Advance(TimeSpan.FromMilliseconds(300));

        TimeSpan[] chat = Measure(100, number => host.SendAsync(new ChatMessage { Text = "hello", SentUnixMs = number }, CancellationToken.None), arrivedAtTechnician);
        TimeSpan[] control = Measure(100, number => host.SendAsync(new ControlMessage { Ping = new Ping { Token = (ulong)number } }, CancellationToken.None), arrivedAtTechnician);

        Report("chat beside a 4 MB picture", chat);
        Report("control beside a 4 MB picture", control);
        Assert.All((TimeSpan[])[.. chat, .. control], latency => Assert.InRange(latency, TimeSpan.Zero, Allowed));
        Assert.True(host.QueuedBytes(MessageStream.Picture) > 0, "the picture was under way all the while");
        Assert.Equal(0, BytesOf(MessageStream.Files));
        Assert.Contains(bulk, send => !send.IsCompleted);
    }

    [Fact]
    public void Picture_FilesQueued_TakesItsTimeOnTheLineAndNoMore()
    {
        byte[] picture = new byte[MiB], chunk = new byte[MiB];
        Start(() => [.. Enumerable.Range(0, 50).Select(_ => host.SendAsync(MessageStream.Files, chunk, CancellationToken.None).AsTask())]);
        time.Advance(TimeSpan.FromSeconds(1));
        TimeSpan sent = time.Elapsed;

        Task frame = Start(() => [host.SendAsync(MessageStream.Picture, picture, CancellationToken.None).AsTask()])[0];
        while (BytesOf(MessageStream.Picture) == 0) time.Advance(TimeSpan.FromMilliseconds(1));

        // A megabyte is 839 ms of line; two records of files may be ahead of it, 26 ms.
        TimeSpan took = time.Elapsed - sent;
        output.WriteLine($"1 MiB picture beside files: {took.TotalMilliseconds:0} ms");
        Assert.InRange(took, TimeSpan.FromMilliseconds(839), TimeSpan.FromMilliseconds(880));
        Assert.True(frame.IsCompletedSuccessfully);
    }

    [Fact]
    public void Files_ReceiverThatDoesNotConsume_HoldsTheSenderAndNothingElse()
    {
        byte[] chunk = new byte[64 * 1024];
        List<Task> files = Start(() => [.. Enumerable.Range(0, 200).Select(_ => technician.SendAsync(MessageStream.Files, chunk, CancellationToken.None).AsTask())]);
        stopsConsuming = true;

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(StreamRule.Of(MessageStream.Files).Window, BytesOf(MessageStream.Files));
        Assert.Equal(16, files.Count(file => file.IsCompletedSuccessfully));
        Assert.All(Measure(20, number => technician.SendAsync(Move(number), CancellationToken.None), arrivedAtHost), latency => Assert.InRange(latency, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)));

        BadNetworkFixture.WithoutContext(() => host.ReturnCredit(MessageStream.Files, (int)BytesOf(MessageStream.Files)));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2 * StreamRule.Of(MessageStream.Files).Window, BytesOf(MessageStream.Files));
    }

    private static InputMessage Move(int number) => new() { Move = new PointerMove { X = number, Y = 1 } };

    private static List<Task> Start(Func<List<Task>> act)
    {
        List<Task> started = [];
        BadNetworkFixture.WithoutContext(() => started = act());
        return started;
    }

    /// <summary>Sends one message every few milliseconds, at times that drift through the line's records, and gives each one's latency.</summary>
    private TimeSpan[] Measure(int count, Func<int, ValueTask> send, Dictionary<int, TimeSpan> arrived)
    {
        arrived.Clear();
        TimeSpan[] sentAt = new TimeSpan[count];
        for (int number = 0; number < count; number++)
        {
            sentAt[number] = time.Elapsed;
            Start(() => [send(number).AsTask()]);
            time.Advance(TimeSpan.FromMilliseconds(29.7));
        }
        time.Advance(TimeSpan.FromMilliseconds(200));
        return [.. sentAt.Select((sent, number) => arrived[number] - sent)];
    }

    private void Report(string what, TimeSpan[] latencies)
    {
        double[] sorted = [.. latencies.Select(latency => latency.TotalMilliseconds).Order()];
        output.WriteLine($"{what}: median {sorted[sorted.Length / 2]:0.0} ms, worst {sorted[^1]:0.0} ms of {sorted.Length}");
    }

    private long BytesOf(MessageStream stream) => bulkBytes.GetValueOrDefault(stream);

    private async Task ReceiveAsync(MessageChannel channel, Dictionary<int, TimeSpan> arrived)
    {
        while (true)
        {
            ReceivedMessage message = await channel.ReceiveAsync(CancellationToken.None).ConfigureAwait(false);
            if (message.IsEnd) return;
            switch (message.Body)
            {
                case InputMessage input:
                    arrived.TryAdd(input.Move.X, time.Elapsed);
                    break;
                case ChatMessage chat:
                    arrived.TryAdd((int)chat.SentUnixMs, time.Elapsed);
                    break;
                case ControlMessage control:
                    arrived.TryAdd((int)control.Ping.Token, time.Elapsed);
                    break;
                default:
                    bulkBytes[message.Stream] = BytesOf(message.Stream) + message.Payload.Length;
                    if (stopsConsuming) channel.DeferCredit();
                    break;
            }
        }
    }
}
