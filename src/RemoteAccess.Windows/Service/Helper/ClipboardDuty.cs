using System.Threading.Channels;
using RemoteAccess.Transport;

namespace RemoteAccess.Sessions;

/// <summary>One use of the session's clipboard in the helper: a text for each wish, so that no program's copying floods the pipe, and each text to be put there answered.</summary>
internal sealed class ClipboardDuty : IWishedFor, IAsyncDisposable
{
    private readonly HelperStream stream;
    private readonly uint number;
    private readonly Func<Permission, CancellationToken, Task<IClipboardAccess>> open;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> wishes = Channel.CreateBounded<bool>(1);
    private readonly Channel<string> texts = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task work;

    public ClipboardDuty(HelperStream stream, uint number, Func<Permission, CancellationToken, Task<IClipboardAccess>> open)
    {
        (this.stream, this.number, this.open) = (stream, number, open);
        work = Task.Run(WorkAsync);
    }

    public void Wish() => wishes.Writer.TryWrite(true);

    public void Put(string text) => texts.Writer.TryWrite(text);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            IClipboardAccess access = await open(Permission.OfService(Operations.Clipboard, stop.Token), stop.Token).ConfigureAwait(false);
            await using (access.ConfigureAwait(false))
            {
                stream.Send(new MessageWriter(HelperWord.Done, number));
                await Task.WhenAll(TellAsync(access), PutAllAsync(access)).ConfigureAwait(false);
            }
        }
        catch (DesktopException failure)
        {
            stream.Send(new MessageWriter(HelperWord.Failed, number).Int((int)failure.Error).Text(failure.Message, WireLimits.MaxText));
        }
        catch (Exception over) when (over is OperationCanceledException or AccessRefusedException)
        {
            // The service closed it.
            return;
        }
    }

    private async Task TellAsync(IClipboardAccess access)
    {
        try
        {
            while (await wishes.Reader.ReadAsync(stop.Token).ConfigureAwait(false))
            {
                string text = await access.NextAsync(stop.Token).ConfigureAwait(false);
                stream.Send(new MessageWriter(HelperWord.Copied, number).Flag(true).AddClipboardText(text));
            }
        }
        catch (DesktopException failure)
        {
            // Nothing more is read; whether a text can be put there it says by itself.
            stream.Send(new MessageWriter(HelperWord.Copied, number).Flag(false).Int((int)failure.Error).Text(failure.Message, WireLimits.MaxText));
        }
    }

    private async Task PutAllAsync(IClipboardAccess access)
    {
        while (true)
        {
            string text = await texts.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
            try
            {
                await access.SetAsync(text, stop.Token).ConfigureAwait(false);
                stream.Send(new MessageWriter(HelperWord.Done, number));
            }
            catch (DesktopException failure)
            {
                stream.Send(new MessageWriter(HelperWord.Failed, number).Int((int)failure.Error).Text(failure.Message, WireLimits.MaxText));
            }
        }
    }
}
