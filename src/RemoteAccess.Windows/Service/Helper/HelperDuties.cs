using System.Globalization;
using System.Text;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>What the helper does for the service, until the pipe ends: every capture, input and prompt that was opened. What it cannot read ends it.</summary>
internal sealed class HelperDuties(HelperStream stream, IHelperDesktop desktop, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan IdleEvery = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<uint, IAsyncDisposable> duties = [];

    /// <exception cref="InvalidDataException">The service speaks another protocol.</exception>
    /// <exception cref="IOException">The pipe broke.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        stream.Send(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version));
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task telling = TellIdleAsync(over.Token);
        try
        {
            while (await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is { } message) await DoAsync(message).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await telling.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable duty in duties.Values) await duty.DisposeAsync().ConfigureAwait(false);
        duties.Clear();
    }

    private async ValueTask DoAsync(ReceivedWord message)
    {
        if (message.Word == HelperWord.Close)
        {
            if (duties.Remove(message.Number, out IAsyncDisposable? duty)) await duty.DisposeAsync().ConfigureAwait(false);
            return;
        }
        Read(message);
    }

    private void Read(ReceivedWord message)
    {
        MessageReader body = new(message.Body.Span);
        switch (message.Word)
        {
            case HelperWord.OpenCapture:
                duties.Add(message.Number, new CaptureDuty(stream, message.Number, desktop.OpenCaptureAsync, time));
                break;
            case HelperWord.OpenInput:
                duties.Add(message.Number, new InputDuty(stream, message.Number, desktop.OpenInputAsync));
                break;
            case HelperWord.OpenClipboard:
                duties.Add(message.Number, new ClipboardDuty(stream, message.Number, desktop.OpenClipboardAsync));
                break;
            case HelperWord.Next:
                Find<IWishedFor>(message.Number).Wish();
                break;
            case HelperWord.PutText:
                Find<ClipboardDuty>(message.Number).Put(ClipboardWords.Read(ref body));
                break;
            case HelperWord.Section:
                PixelSize size = body.Size();
                Find<CaptureDuty>(message.Number).Take(SharedScreen.Open((nint)body.Long(), size));
                break;
            case HelperWord.Input:
                Find<InputDuty>(message.Number).Do(ReadInput(ref body));
                break;
            case HelperWord.OpenStrip:
                duties.Add(message.Number, new StripDuty(stream, message.Number, StripWords.ReadOpening(ref body), desktop.OpenStrip));
                break;
            case HelperWord.Strip:
                Find<StripDuty>(message.Number).Say(StripWords.Read(ref body));
                break;
            case HelperWord.AskPassword:
                duties.Add(message.Number, new PasswordDuty(stream, message.Number, PasswordWords.Read(ref body), desktop.CredentialPrompt));
                break;
            case HelperWord.Checked:
                Find<PasswordDuty>(message.Number).Take(PasswordWords.ReadOutcome(ref body));
                break;
            case HelperWord.Ping:
                stream.Send(new MessageWriter(HelperWord.Pong, message.Number));
                break;
            case HelperWord.Ask:
                duties.Add(message.Number, new PromptDuty(stream, message.Number, PromptWords.Read(ref body), desktop.Prompt));
                break;
            default:
                throw new InvalidDataException($"The service said {message.Word}.");
        }
        body.End();
    }

    private T Find<T>(uint number) where T : class => duties.GetValueOrDefault(number) as T ?? throw new InvalidDataException($"The service speaks of number {number}.");

    private static InputEvent ReadInput(ref MessageReader body)
    {
        InputKind kind = (InputKind)body.Byte();
        (int x, int y, uint code, bool isDown) = (body.Int(), body.Int(), (uint)body.Int(), body.Flag());
        return kind switch
        {
            InputKind.PointerMove => InputEvent.PointerMove(x, y),
            InputKind.Button => InputEvent.Button((MouseButton)code, isDown),
            InputKind.Wheel => InputEvent.Wheel(x, y),
            InputKind.Key => InputEvent.Key(code, isDown),
            InputKind.Text when Rune.IsValid(code) => InputEvent.Text(new Rune(code)),
            _ => throw new InvalidDataException($"There is no input of kind {kind}."),
        };
    }

    private async Task TellIdleAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            stream.Send(new MessageWriter(HelperWord.Idle, 0).Long((long)desktop.PhysicalIdleTime.TotalMilliseconds));
            await Task.Delay(IdleEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>A duty that gives one thing for each wish.</summary>
internal interface IWishedFor
{
    /// <summary>The service wants the next one.</summary>
    void Wish();
}

/// <summary>A capture of which one can tell whether it hangs.</summary>
internal interface IWatchedCapture : IScreenCapture
{
    /// <summary>How often it has looked at the screen; goes on, several times a second, while a frame is waited for. Any thread.</summary>
    long Looks { get; }
}

/// <summary>The seam to the session's screen, keyboard, mouse and clipboard.</summary>
internal interface IHelperDesktop
{
    TimeSpan PhysicalIdleTime { get; }

    IConsentPrompt Prompt { get; }

    ICredentialPrompt CredentialPrompt { get; }

    /// <exception cref="DesktopException">There is no usable display.</exception>
    Task<IWatchedCapture> OpenCaptureAsync(Permission permit, CancellationToken cancellationToken);

    /// <param name="permit">Asked before each act.</param>
    /// <param name="attention">Makes Ctrl+Alt+Delete.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DesktopException">There is no usable display.</exception>
    Task<IInputInjector> OpenInputAsync(Permission permit, ISecureAttention attention, CancellationToken cancellationToken);

    /// <summary>The strip of the lock screen. Shows nothing yet.</summary>
    /// <param name="culture">Its language.</param>
    /// <param name="stop">Called when a person's device presses its button; quick, on no particular thread.</param>
    IStrip OpenStrip(CultureInfo culture, Action stop);

    /// <exception cref="DesktopException">There is no usable clipboard.</exception>
    Task<IClipboardAccess> OpenClipboardAsync(Permission permit, CancellationToken cancellationToken);
}
