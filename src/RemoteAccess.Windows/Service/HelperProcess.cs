using System.Globalization;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The part of the service that runs in the session of whoever sits before the computer: reads the screen, injects input and shows prompts, as the service tells it. It decides
/// nothing and ends with the service.
/// </summary>
public static class HelperProcess
{
    /// <summary>Serves until the service ends it. For a program that was started with <see cref="WindowsServiceOptions.HelperArguments"/>.</summary>
    /// <param name="pipe">The last argument that the program was started with; the service has put it there.</param>
    /// <param name="options">How the screen is captured. Default: as <see cref="WindowsOptions"/> says.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ChannelException">There is no such service, or who listens there is not the service that this program belongs to.</exception>
    /// <exception cref="ServiceException">The argument is none of a service's: somebody started the program by hand.</exception>
    public static Task RunAsync(string pipe, WindowsOptions? options = null, CancellationToken cancellationToken = default) =>
        ServeAsync(pipe, new HelperDesktop(options ?? new WindowsOptions()), (options ?? new WindowsOptions()).TimeProvider, cancellationToken);

    internal static async Task ServeAsync(string pipe, IHelperDesktop desktop, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        int service = HelperPipe.ServiceOf(pipe) ?? throw new ServiceException(ServiceError.Failed, "This is started by the service alone, with the name of its pipe. Start the service instead.");
        PipePeer self = PipePeer.OfThisProcess();
        GuardedPipeLink link = await GuardedPipeLink.ConnectAsync(pipe, (_, process) => HelperPipe.WhyNotService(self, service, process), cancellationToken).ConfigureAwait(false);
        await using (link.ConfigureAwait(false))
        {
            HelperStream stream = new(link.Stream);
            await using (stream.ConfigureAwait(false))
            {
                HelperDuties duties = new(stream, desktop, time);
                await using (duties.ConfigureAwait(false))
                {
                    await ServeAsync(duties, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task ServeAsync(HelperDuties duties, CancellationToken cancellationToken)
    {
        try
        {
            await duties.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The service went without a word, which is an end like any other.
            return;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>This process' session.</summary>
    private sealed class HelperDesktop(WindowsOptions options) : IHelperDesktop
    {
        public TimeSpan PhysicalIdleTime => PhysicalInput.OfThisProcess.IdleTime;

        public IConsentPrompt Prompt { get; } = new WindowsConsentPrompt(new WindowsConsentPromptOptions { TimeProvider = options.TimeProvider });

        public ICredentialPrompt CredentialPrompt { get; } = new WindowsCredentialEnrolment(options: new WindowsConsentPromptOptions { TimeProvider = options.TimeProvider });

        public async Task<IWatchedCapture> OpenCaptureAsync(Permission permit, CancellationToken cancellationToken)
        {
            ScreenSources sources = new(options.UseDesktopDuplication, options.Logger, OutputDuplications.Open);
            ScreenCapture capture = new(permit, options.TimeProvider, sources.Open, static () => new InputDesktop());
            await capture.StartAsync(cancellationToken).ConfigureAwait(false);
            return capture;
        }

        public async Task<IInputInjector> OpenInputAsync(Permission permit, ISecureAttention attention, CancellationToken cancellationToken)
        {
            SendInputInjector injector = new(permit, PhysicalInput.OfThisProcess, attention);
            await injector.StartAsync(cancellationToken).ConfigureAwait(false);
            return injector;
        }

        public IStrip OpenStrip(CultureInfo culture, Action stop) => LockScreenStrip.OfThisSession(culture, options.TimeProvider, stop);

        public async Task<IClipboardAccess> OpenClipboardAsync(Permission permit, CancellationToken cancellationToken)
        {
            ClipboardWindow window = new(permit, options.TimeProvider);
            await window.StartAsync(cancellationToken).ConfigureAwait(false);
            return window;
        }
    }
}
