using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The technician's credentials on their way to the <see cref="CredentialsGate"/> and the answer on its way back, beside the session's receiving, which a slow
/// check may not stop. Copies of the password are wiped: the message, its bytes, and the one that is checked. Used by the receiving loop only.
/// </summary>
internal sealed class CredentialsExchange(MessageChannel messages, LiveSession session, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource over = new();
    private Task answering = Task.CompletedTask;

    /// <summary>What Accepted says; null when nothing is wanted.</summary>
    public static CredentialsWanted? Wanted(LiveSession session) => session.Credentials is null ? null : new CredentialsWanted
    {
        Tries = CredentialsGate.MaxTries,
        FirstWithinSeconds = (uint)CredentialsGate.FirstWithin.TotalSeconds,
        WithinSeconds = (uint)CredentialsGate.AllWithin.TotalSeconds,
    };

    /// <summary>Takes one Credentials message and wipes it; the answer follows.</summary>
    /// <returns>Why it cannot be taken: one is being checked, or none is wanted.</returns>
    public RefusalReason Receive(ReceivedMessage message, CancellationToken cancellationToken)
    {
        Credentials given = ((ControlMessage)message.Body!).Credentials;
        try
        {
            if (session.Credentials is not { IsSatisfied: false } gate) return RefusalReason.OperationNotGranted;
            if (!answering.IsCompleted) return RefusalReason.Busy;
            string? user = PlainText.TryDecode(given.User.Span, CredentialsGate.MaxUserBytes, out string name) && name.Length > 0 ? name : null;
            // Too long a one is wrong at any length; its first bytes may not be checked instead.
            byte[] password = given.Password.Length > CredentialsGate.MaxPasswordBytes ? [] : GC.AllocateUninitializedArray<byte>(given.Password.Length, pinned: true);
            given.Password.Span[..password.Length].CopyTo(password);
            answering = AnswerAsync(gate, user, password, cancellationToken);
            return RefusalReason.None;
        }
        finally
        {
            Wipe(given.Password.Memory);
            Wipe(message.Payload);
        }
    }

    /// <summary>Gives up what is being checked; it stays counted.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await answering.ConfigureAwait(false);
        over.Dispose();
    }

    private async Task AnswerAsync(CredentialsGate gate, string? user, byte[] password, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            // Counting is on the disk: not on the receiving loop's time.
            CredentialsVerdict verdict = await Task.Run(() => gate.TryAsync(user, password, either.Token).AsTask(), either.Token).ConfigureAwait(false);
            if (session.EndReason != RefusalReason.None) return;
            var answer = new CredentialsAnswer { Accepted = verdict.IsAccepted, TriesLeft = (uint)verdict.TriesLeft, RetryAfterSeconds = (uint)Math.Ceiling(verdict.RetryAfter.TotalSeconds) };
            await messages.SendAsync(new ControlMessage { CredentialsAnswer = answer }, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is AccessRefusedException or ChannelException or OperationCanceledException)
        {
            // The session is over, and the receiving loop says so.
            LogMessages.PictureStopped(logger, error.Message);
        }
        finally
        {
            Array.Clear(password);
        }
    }

    /// <summary>The memory is the message's own: nobody else reads it.</summary>
    private static void Wipe(ReadOnlyMemory<byte> bytes) => MemoryMarshal.AsMemory(bytes).Span.Clear();
}
