using System.Threading.Channels;
using RemoteAccess.Transport;

namespace RemoteAccess.Sessions;

/// <summary>One injector in the helper: every act is answered, and last the closing, when all keys are up.</summary>
internal sealed class InputDuty : ISecureAttention, IAsyncDisposable
{
    private readonly HelperStream stream;
    private readonly uint number;
    private readonly Func<Permission, ISecureAttention, CancellationToken, Task<IInputInjector>> open;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<InputEvent> acts = Channel.CreateUnbounded<InputEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task work;

    public InputDuty(HelperStream stream, uint number, Func<Permission, ISecureAttention, CancellationToken, Task<IInputInjector>> open)
    {
        (this.stream, this.number, this.open) = (stream, number, open);
        work = Task.Run(WorkAsync);
    }

    /// <summary>Ctrl+Alt+Delete is the service's to make: Windows takes it from services.</summary>
    void ISecureAttention.Send() => stream.Send(new MessageWriter(HelperWord.Attention, number));

    public void Do(InputEvent input) => acts.Writer.TryWrite(input);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        stop.Dispose();
        // What came too late is answered all the same: the service counts.
        while (acts.Reader.TryRead(out _)) stream.Send(new MessageWriter(HelperWord.Done, number));
        stream.Send(new MessageWriter(HelperWord.Done, number));
    }

    private async Task WorkAsync()
    {
        IInputInjector? injector = null;
        int unanswered = 1;
        try
        {
            injector = await open(Permission.OfService(Operations.ControlInput, stop.Token), this, stop.Token).ConfigureAwait(false);
            Done();
            while (true)
            {
                InputEvent input = await acts.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
                unanswered = 1;
                try
                {
                    await injector.InjectAsync(input, stop.Token).ConfigureAwait(false);
                    Done();
                }
                catch (DesktopException refused)
                {
                    // The next one may be taken again, as when the screen is unlocked.
                    Fail(refused);
                }
            }
        }
        catch (DesktopException failure)
        {
            Fail(failure);
        }
        catch (Exception over) when (over is OperationCanceledException or AccessRefusedException)
        {
            if (unanswered > 0) Done();
        }
        finally
        {
            if (injector is not null) await injector.DisposeAsync().ConfigureAwait(false);
        }

        void Done()
        {
            unanswered = 0;
            stream.Send(new MessageWriter(HelperWord.Done, number));
        }

        void Fail(DesktopException failure)
        {
            unanswered = 0;
            stream.Send(new MessageWriter(HelperWord.Failed, number).Int((int)failure.Error).Text(failure.Message, WireLimits.MaxText));
        }
    }
}
