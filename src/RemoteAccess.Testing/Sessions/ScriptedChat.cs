using System.Collections.Concurrent;

namespace RemoteAccess.Sessions;

/// <summary>
/// A customer who is not there, for tests and demonstrations: answers each text of a technician with the next line of a script, and with nothing when none is left. It exists in
/// the testing package only; a product shows the chat to a person. Thread-safe.
/// </summary>
public sealed class ScriptedChat : ICustomerChat
{
    private readonly ConcurrentQueue<string> script;
    private readonly ConcurrentQueue<string> read = new();

    /// <summary>A customer with a script.</summary>
    /// <param name="answers">The answers, first to last.</param>
    public ScriptedChat(params IReadOnlyList<string> answers) => script = new(answers);

    /// <summary>What technicians wrote so far, in order.</summary>
    public IReadOnlyList<string> Read => [.. read];

    /// <inheritdoc/>
    public async Task TalkAsync(CustomerConversation conversation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        await foreach (string text in conversation.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            read.Enqueue(text);
            if (script.TryDequeue(out string? answer)) await conversation.SayAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }
}
