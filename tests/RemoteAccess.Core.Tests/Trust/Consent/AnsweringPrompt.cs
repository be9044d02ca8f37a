using System.Collections.Concurrent;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A person who answers each question at once, in the order given, and refuses when nothing is left.</summary>
internal sealed class AnsweringPrompt(params ConsentDecision[] answers) : IConsentPrompt
{
    private readonly ConcurrentQueue<ConsentDecision> left = new(answers);

    public ConcurrentQueue<ConsentPrompt> Asked { get; } = new();

    public ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        Asked.Enqueue(prompt);
        ConsentDecision decision = left.TryDequeue(out ConsentDecision next) ? next : ConsentDecision.Refuse;
        return ValueTask.FromResult(new ConsentAnswer(decision, ConsentHow.Pressed, DateTimeOffset.UnixEpoch));
    }
}
