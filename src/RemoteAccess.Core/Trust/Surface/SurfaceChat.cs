using System.Collections.Concurrent;
using System.Text;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>The chat on the customer's surface: the latest of each running session's conversation, in memory only, and the customer's answers. Thread-safe.</summary>
internal sealed class SurfaceChat(TimeProvider time, Action changed) : ICustomerChat
{
    /// <summary>The most bytes of UTF-8 in one text of the customer's: with its escapes it fits a surface's line.</summary>
    public const int MaxSaid = 1000;

    /// <summary>How many texts are shown.</summary>
    public const int MaxTexts = 50;

    private readonly ConcurrentDictionary<string, Talk> talks = new(StringComparer.Ordinal);

    public async Task TalkAsync(CustomerConversation conversation, CancellationToken cancellationToken)
    {
        var talk = new Talk(conversation);
        talks[conversation.SessionId] = talk;
        try
        {
            await foreach (string text in conversation.ReadAllAsync(cancellationToken).ConfigureAwait(false)) Add(talk, isTechnicians: true, text);
        }
        finally
        {
            talks.TryRemove(conversation.SessionId, out _);
        }
    }

    /// <summary>What was written in a session, oldest first.</summary>
    public IReadOnlyList<SurfaceChatText> Read(string sessionId) => talks.TryGetValue(sessionId, out Talk? talk) ? talk.Texts : [];

    /// <summary>The customer's answer.</summary>
    /// <exception cref="SurfaceException">It was not sent, and why.</exception>
    public async Task SayAsync(string sessionId, string text, CancellationToken cancellationToken)
    {
        if (!talks.TryGetValue(sessionId, out Talk? talk)) throw new SurfaceException(SurfaceProblem.NoChat);
        if (text.Length > MaxSaid || Encoding.UTF8.GetByteCount(text) > MaxSaid) throw new SurfaceException(SurfaceProblem.TextTooLong);
        try
        {
            await talk.Conversation.SayAsync(text, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            throw new SurfaceException(SurfaceProblem.TextUnreadable, inner: wrong);
        }
        catch (AccessRefusedException refused)
        {
            throw new SurfaceException(SurfaceProblem.NotSent, refused.Reason.ToString(), refused);
        }
        catch (ChannelException ended)
        {
            throw new SurfaceException(SurfaceProblem.SessionOver, inner: ended);
        }
        Add(talk, isTechnicians: false, ChatText.TryRead(text) ?? text);
    }

    private void Add(Talk talk, bool isTechnicians, string text)
    {
        talk.Add(new SurfaceChatText(DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), isTechnicians, text));
        changed();
    }

    private sealed class Talk(CustomerConversation conversation)
    {
        private readonly Lock gate = new();
        private SurfaceChatText[] texts = [];

        public CustomerConversation Conversation => conversation;

        public IReadOnlyList<SurfaceChatText> Texts
        {
            get
            {
                lock (gate) return texts;
            }
        }

        public void Add(SurfaceChatText text)
        {
            lock (gate) texts = [.. texts.TakeLast(MaxTexts - 1), text];
        }
    }
}
