namespace RemoteAccess.Sessions;

/// <summary>The seam to whatever shows the customer what a technician writes, and takes their answers. Thread-safe.</summary>
public interface ICustomerChat
{
    /// <summary>
    /// Has one session's conversation, beside the session, from its beginning. Returns when the token is cancelled, which is when the session is over; when it returns or
    /// throws before, the session goes on without chat.
    /// </summary>
    /// <param name="conversation">What to show, and where answers go.</param>
    /// <param name="cancellationToken">The session is over.</param>
    Task TalkAsync(CustomerConversation conversation, CancellationToken cancellationToken);
}
