using System.Threading.Channels;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The window for a password in the helper; what is typed goes to the service, which checks and stores it. Taken from the screen when the service closes it.</summary>
internal sealed class PasswordDuty : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<CredentialEnrolment> answers = Channel.CreateBounded<CredentialEnrolment>(1);
    private readonly HelperStream stream;
    private readonly uint number;
    private readonly Task work;

    public PasswordDuty(HelperStream stream, uint number, EnrolmentQuestion question, ICredentialPrompt prompt)
    {
        (this.stream, this.number) = (stream, number);
        work = Task.Run(() => AskAsync(question, prompt));
    }

    /// <summary>The service has checked what was typed.</summary>
    public void Take(CredentialEnrolment answer) => answers.Writer.TryWrite(answer);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task AskAsync(EnrolmentQuestion question, ICredentialPrompt prompt)
    {
        try
        {
            CredentialEnrolment? outcome = await prompt.AskAsync(question, CheckAsync, stop.Token).ConfigureAwait(false);
            stream.Send(new MessageWriter(HelperWord.Enrolled, number).Flag(outcome is not null));
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
    }

    private async ValueTask<CredentialEnrolment> CheckAsync(ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        stream.SendPassword(number, password.Span);
        return await answers.Reader.ReadAsync(either.Token).ConfigureAwait(false);
    }
}
