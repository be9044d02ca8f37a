using System.Security.Cryptography;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Checks and stores a password, which is lent to it.</summary>
internal delegate ValueTask<CredentialEnrolment> StoreTyped(ReadOnlyMemory<byte> password, CancellationToken cancellationToken);

/// <summary>The window for a password in one helper, seen from the service: a few passwords at most, one at a time, each checked here and wiped. What came of it is what the service did, not what the helper says.</summary>
internal sealed class PasswordChannel : IHelperChannel, IDisposable
{
    private const int MostTries = 5;

    private readonly HelperLink link;
    private readonly StoreTyped store;
    private readonly uint number;
    private readonly CancellationTokenSource over = new();
    private readonly TaskCompletionSource<CredentialEnrolment?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock changing = new();
    private Task checking = Task.CompletedTask;
    private CredentialEnrolment? last;
    private bool isChecking;
    private int tries;

    public PasswordChannel(HelperLink link, EnrolmentQuestion question, StoreTyped store)
    {
        (this.link, this.store) = (link, store);
        number = link.Add(this);
        link.Send(PasswordWords.Write(number, question));
    }

    public Task<CredentialEnrolment?> Outcome => outcome.Task;

    /// <summary>Takes it from the screen, and returns when nothing is checked any more.</summary>
    public async Task CloseAsync()
    {
        link.Send(new MessageWriter(HelperWord.Close, number));
        link.Remove(number);
        await over.CancelAsync().ConfigureAwait(false);
        await checking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => over.Dispose();

    public void Receive(HelperWord word, ref MessageReader body)
    {
        switch (word)
        {
            case HelperWord.Password:
                Check(body.Rest(WireLimits.MaxPassword));
                break;
            case HelperWord.Enrolled:
                bool isTyped = body.Flag();
                body.End();
                lock (changing)
                {
                    if (isTyped && (isChecking || last is null)) throw new InvalidDataException("A password that was never sent came to something.");
                    outcome.TrySetResult(last == CredentialEnrolment.Stored || isTyped ? last : null);
                }
                break;
            case HelperWord.Failed when !outcome.Task.IsCompleted:
                outcome.TrySetException(FrameChannel.ReadFailure(ref body));
                break;
            default:
                throw new InvalidDataException($"{word} from the window for a password.");
        }
    }

    public void Lost() => outcome.TrySetException(new DesktopException(DesktopError.DisplayLost, "The session helper that showed the window is gone."));

    private void Check(ReadOnlySpan<byte> typed)
    {
        lock (changing)
        {
            if (isChecking || outcome.Task.IsCompleted || last == CredentialEnrolment.Stored || ++tries > MostTries) throw new InvalidDataException("A password that may not come now.");
            isChecking = true;
        }
        byte[] password = GC.AllocateUninitializedArray<byte>(typed.Length, pinned: true);
        typed.CopyTo(password);
        checking = Task.Run(() => CheckAsync(password));
    }

    private async Task CheckAsync(byte[] password)
    {
        try
        {
            CredentialEnrolment answer = await store(password, over.Token).ConfigureAwait(false);
            lock (changing) (last, isChecking) = (answer, false);
            link.Send(new MessageWriter(HelperWord.Checked, number).Int((int)answer));
        }
#pragma warning disable CA1031 // Whoever asked gets it; the window goes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            outcome.TrySetException(failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
