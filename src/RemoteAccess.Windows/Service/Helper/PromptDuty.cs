using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>One prompt in the helper; taken from the screen when the service closes it.</summary>
internal sealed class PromptDuty : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task work;

    public PromptDuty(HelperStream stream, uint number, ConsentPrompt question, IConsentPrompt prompt) => work = Task.Run(async () =>
    {
        try
        {
            ConsentAnswer answer = await prompt.AskAsync(question, stop.Token).ConfigureAwait(false);
            stream.Send(new MessageWriter(HelperWord.Answer, number).Flag(answer is { Decision: ConsentDecision.Allow, How: ConsentHow.Pressed }).Flag(answer.How == ConsentHow.Pressed));
        }
        catch (DesktopException failure)
        {
            stream.Send(new MessageWriter(HelperWord.Failed, number).Int((int)failure.Error).Text(failure.Message, WireLimits.MaxText));
        }
        catch (OperationCanceledException)
        {
            // The service has taken it back and expects no answer.
            return;
        }
    });

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        stop.Dispose();
    }
}
