using System.Globalization;
using System.Threading.Channels;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The strip of the lock screen in the helper: each time it is told what to say, it answers once whether a person sees that.</summary>
internal sealed class StripDuty : IAsyncDisposable
{
    private readonly HelperStream stream;
    private readonly uint number;
    private readonly IStrip strip;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<BannerWords?> said = Channel.CreateUnbounded<BannerWords?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task work;

    public StripDuty(HelperStream stream, uint number, CultureInfo culture, Func<CultureInfo, Action, IStrip> open)
    {
        (this.stream, this.number) = (stream, number);
        strip = open(culture, () => stream.Send(new MessageWriter(HelperWord.Stop, number)));
        work = Task.Run(WorkAsync);
    }

    public void Say(BannerWords? words) => said.Writer.TryWrite(words);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        await strip.DisposeAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                BannerWords? words = await said.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
                bool isSeen = await strip.ShowAsync(words, stop.Token).ConfigureAwait(false);
                stream.Send(new MessageWriter(HelperWord.Seen, number).Flag(isSeen));
            }
        }
        catch (OperationCanceledException)
        {
            // The service closed it.
            return;
        }
    }
}
