using System.Threading.Channels;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Sessions;

/// <summary>One capture in the helper: each wish of the service is one frame, copied into the shared memory as far as it changed.</summary>
internal sealed class CaptureDuty : IWishedFor, IAsyncDisposable
{
    /// <summary>How often it is said that the capture looks: often enough for a service that gives up after <see cref="HelperLink.Silence"/>.</summary>
    private static readonly TimeSpan SayLookedEvery = TimeSpan.FromSeconds(1);

    private readonly HelperStream stream;
    private readonly uint number;
    private readonly Func<Permission, CancellationToken, Task<IWatchedCapture>> open;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> wishes = Channel.CreateBounded<bool>(1);
    private readonly Channel<SharedScreen> sections = Channel.CreateBounded<SharedScreen>(1);
    private readonly FrameWords words = new();
    private readonly Task work;
    private SharedScreen? screen;
    private volatile IWatchedCapture? watched;

    public CaptureDuty(HelperStream stream, uint number, Func<Permission, CancellationToken, Task<IWatchedCapture>> open, TimeProvider time)
    {
        (this.stream, this.number, this.open, this.time) = (stream, number, open, time);
        work = Task.WhenAll(Task.Run(WorkAsync), Task.Run(SayLookedAsync));
    }

    /// <summary>The service wants a frame.</summary>
    public void Wish() => wishes.Writer.TryWrite(true);

    /// <summary>The service has given memory.</summary>
    public void Take(SharedScreen given)
    {
        if (!sections.Writer.TryWrite(given)) given.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        screen?.Dispose();
        if (sections.Reader.TryRead(out SharedScreen? unused)) unused.Dispose();
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        IWatchedCapture? capture = null;
        try
        {
            while (await wishes.Reader.ReadAsync(stop.Token).ConfigureAwait(false))
            {
                watched = capture ??= await open(Permission.OfService(Operations.ViewScreen, stop.Token), stop.Token).ConfigureAwait(false);
                using ScreenFrame frame = await capture.CaptureAsync(stop.Token).ConfigureAwait(false);
                bool isWhole = await FitAsync(frame.Size).ConfigureAwait(false);
                Copy(frame, isWhole);
                stream.Send(words.Write(number, frame));
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
        finally
        {
            if (capture is not null) await capture.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A screen on which nothing changes gives no frame for hours; whether somebody still looks at it the service could not tell.</summary>
    private async Task SayLookedAsync()
    {
        for (long said = 0; !stop.IsCancellationRequested;)
        {
            await Task.Delay(SayLookedEvery, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || watched?.Looks is not { } looks || looks == said) continue;
            said = looks;
            stream.Send(new MessageWriter(HelperWord.Looked, number));
        }
    }

    /// <summary>True when the memory is new, and has nothing of the picture yet.</summary>
    private async Task<bool> FitAsync(PixelSize size)
    {
        if (screen?.Size == size) return false;
        if (!WireLimits.IsPicture(size)) throw new DesktopException(DesktopError.UnsupportedFormat, $"A desktop of {size} is too large to be handed to the service.");
        screen?.Dispose();
        screen = null;
        stream.Send(new MessageWriter(HelperWord.NeedSection, number).Size(size));
        screen = await sections.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
        if (screen.Size != size) throw new DesktopException(DesktopError.NoDisplay, $"The service gave memory for {screen.Size} and not for {size}.");
        return true;
    }

    private void Copy(ScreenFrame frame, bool isWhole)
    {
        PixelSize size = frame.Size;
        Span<uint> into = screen!.Pixels;
        ReadOnlySpan<PixelRect> areas = isWhole ? [new PixelRect(0, 0, size.Width, size.Height)] : frame.Damage;
        foreach (PixelRect area in areas)
        {
            for (int y = area.Y; y < area.Bottom; y++)
            {
                System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(frame.Pixels.Slice((y * frame.Stride) + (area.X * 4), area.Width * 4)).CopyTo(into.Slice((y * size.Width) + area.X, area.Width));
            }
        }
    }
}
