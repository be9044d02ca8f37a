using System.Collections.Concurrent;
using System.Threading.Channels;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>A clipboard of a test's session.</summary>
internal sealed class FakeClipboard
{
    private int open, opened, read, setting;

    public Channel<string> Texts { get; } = Channel.CreateUnbounded<string>();

    public ConcurrentQueue<string> Put { get; } = new();

    public int Open => open;

    public int Opened => opened;

    public int Read => read;

    public int Setting => setting;

    /// <summary>What is put there never gets there.</summary>
    public bool IsStuck { get; set; }

    public DesktopException? Refusal { get; set; }

    public void Copy(string text) => Texts.Writer.TryWrite(text);

    public IClipboardAccess Access(Permission permit)
    {
        Assert.Equal(Operations.Clipboard, permit.Operation);
        if (Refusal is { } refusal) throw refusal;
        Interlocked.Increment(ref opened);
        Interlocked.Increment(ref open);
        return new OneAccess(this, permit);
    }

    private sealed class OneAccess(FakeClipboard clipboard, Permission permit) : IClipboardAccess
    {
        public async ValueTask<string> NextAsync(CancellationToken cancellationToken)
        {
            permit.Demand();
            try
            {
                string text = await clipboard.Texts.Reader.ReadAsync(cancellationToken);
                Interlocked.Increment(ref clipboard.read);
                return text;
            }
            catch (ChannelClosedException closed)
            {
                throw closed.InnerException!;
            }
        }

        public async ValueTask SetAsync(string text, CancellationToken cancellationToken)
        {
            permit.Demand();
            Interlocked.Increment(ref clipboard.setting);
            if (clipboard.IsStuck) await Task.Delay(Timeout.Infinite, cancellationToken);
            if (clipboard.Refusal is { } refusal) throw refusal;
            clipboard.Put.Enqueue(text);
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref clipboard.open);
            return ValueTask.CompletedTask;
        }
    }
}
