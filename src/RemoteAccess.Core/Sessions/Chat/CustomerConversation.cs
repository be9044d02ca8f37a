using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>One session's chat as the customer's side has it. Texts are the technician's: show them as text. Thread-safe.</summary>
public sealed class CustomerConversation
{
    private readonly Func<CancellationToken, IAsyncEnumerable<string>> read;
    private readonly Func<string, CancellationToken, Task> say;

    internal CustomerConversation(string sessionId, string technician, Func<CancellationToken, IAsyncEnumerable<string>> read, Func<string, CancellationToken, Task> say) =>
        (SessionId, Technician, this.read, this.say) = (sessionId, technician, read, say);

    /// <summary>32 lower-case hex digits; the same in the ledger.</summary>
    public string SessionId { get; }

    /// <summary>The technician's name, certified by the tenant.</summary>
    public string Technician { get; }

    /// <summary>
    /// What the technician writes, one after the other, until the session is over: 1 to 4096 bytes of UTF-8 with lines that end with LF, no other control characters but tabs. A text counts
    /// as read when it is handed out; of those that wait for it the agent keeps 32 and refuses more.
    /// </summary>
    public IAsyncEnumerable<string> ReadAllAsync(CancellationToken cancellationToken = default) => read(cancellationToken);

    /// <summary>Writes to the technician; in the ledger, by its length, before it goes.</summary>
    /// <param name="text">As <see cref="ReadAllAsync"/> gives them; other ends of lines become LF.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">Not such a text.</exception>
    /// <exception cref="AccessRefusedException">The session may not chat, or not any more, with the rule.</exception>
    /// <exception cref="Transport.ChannelException">The session is over.</exception>
    public Task SayAsync(string text, CancellationToken cancellationToken = default) =>
        say(ChatText.TryRead(text) ?? throw new ArgumentException($"A text is 1 to {ChatText.MaxBytes} bytes of UTF-8, with something to read and without control characters but tabs and ends of lines.", nameof(text)), cancellationToken);
}
