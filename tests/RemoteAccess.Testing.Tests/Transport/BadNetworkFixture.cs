using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

internal static class BadNetworkFixture
{
    public static byte[] Pattern(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Collects what arrives, and when, until the link ends. With a fake clock it runs inside whatever delivers.</summary>
    public static Arrivals Collect(this ILink link, FakeTime time) => new(link, time);

    /// <summary>Runs without a synchronisation context, so that waiting code goes on where it is woken, as it does on the clock.</summary>
    public static void WithoutContext(Action act)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    internal sealed class Arrivals
    {
        private readonly ILink link;
        private readonly FakeTime time;
        private readonly List<byte> bytes = [];

        public Arrivals(ILink link, FakeTime time)
        {
            this.link = link;
            this.time = time;
            Task loop = Task.CompletedTask;
            WithoutContext(() => loop = CollectAsync());
            Ended = loop;
        }

        public byte[] Bytes => [.. bytes];

        public int Count => bytes.Count;

        public List<(TimeSpan At, int Bytes)> Times { get; } = [];

        /// <summary>Completes at the end of the stream; fails when the link broke.</summary>
        public Task Ended { get; }

        private async Task CollectAsync()
        {
            while (true)
            {
                ReadResult read = await link.Input.ReadAsync().ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> part in read.Buffer) bytes.AddRange(part.Span);
                if (!read.Buffer.IsEmpty) Times.Add((time.Elapsed, (int)read.Buffer.Length));
                link.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
    }
}
