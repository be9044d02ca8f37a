using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>The viewer's half of giving credentials: one at a time, each with its answer. Thread-safe.</summary>
internal sealed class CredentialsGiver(MessageChannel messages, bool areNeeded)
{
    private readonly Lock gate = new();
    private TaskCompletionSource<CredentialsOutcome>? pending;
    private Exception? closed;
    private volatile bool areNeeded = areNeeded;

    public bool AreNeeded => areNeeded;

    /// <inheritdoc cref="RemoteSession.GiveCredentialsAsync"/>
    public async Task<CredentialsOutcome> GiveAsync(string user, ReadOnlyMemory<char> password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.Length == 0 || !PlainText.IsAcceptable(user, CredentialsGate.MaxUserBytes)) throw new ArgumentException($"A name of an account is 1 to {CredentialsGate.MaxUserBytes} bytes without control characters.", nameof(user));
        if (password.Length is 0 or > CredentialsGate.MaxPasswordBytes || password.Span.Contains('\0') || PlainText.Utf8.GetByteCount(password.Span) > CredentialsGate.MaxPasswordBytes)
            throw new ArgumentException($"A password is 1 to {CredentialsGate.MaxPasswordBytes} bytes without U+0000.", nameof(password));
        Task<CredentialsOutcome> answer = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        // Not cancelled half way: what is expected has been sent.
        await SendAsync(user, password).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">Nothing was given that this answers.</exception>
    public void Deliver(CredentialsAnswer answer)
    {
        lock (gate)
        {
            if (pending is not { } waiting || waiting.Task.IsCompleted || answer.TriesLeft > int.MaxValue)
                throw new ChannelException(ChannelError.OutOfOrder, "The computer answered credentials that were not given.");
            if (answer.Accepted) areNeeded = false;
            waiting.SetResult(new CredentialsOutcome(answer.Accepted, (int)answer.TriesLeft, TimeSpan.FromSeconds(answer.RetryAfterSeconds)));
        }
    }

    /// <summary>The session is over: whoever waits is told how.</summary>
    public void Close(Exception? failure)
    {
        lock (gate)
        {
            closed = failure ?? new ChannelException(ChannelError.Closed, "The session has ended.");
            pending?.TrySetException(closed);
        }
    }

    /// <summary>Waits for the answer that is outstanding, also when whoever asked for it gave up waiting, and expects the next.</summary>
    private async ValueTask<Task<CredentialsOutcome>> TakeTurnAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<CredentialsOutcome> before;
            lock (gate)
            {
                if (closed is not null) throw closed;
                if (!areNeeded) throw new InvalidOperationException("The session needs no credentials.");
                if (pending is null || pending.Task.IsCompleted)
                {
                    pending = new TaskCompletionSource<CredentialsOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
                    return pending.Task;
                }
                before = pending.Task;
            }
            await before.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(string user, ReadOnlyMemory<char> password)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(PlainText.Utf8.GetByteCount(password.Span), pinned: true);
        try
        {
            PlainText.Utf8.GetBytes(password.Span, bytes);
            var given = new Credentials { User = ByteString.CopyFromUtf8(user), Password = UnsafeByteOperations.UnsafeWrap(bytes) };
            // Serialised before it first waits, into a buffer that is wiped when it has been sent.
            await messages.SendAsync(new ControlMessage { Credentials = given }, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
