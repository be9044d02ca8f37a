using System.Collections.Concurrent;

namespace RemoteAccess.Trust;

/// <summary>
/// A renderer before which nobody sits, for tests: answers each question at once, in the order of the script, and refuses when nothing is left. It
/// exists in the testing package only; a product asks a person. Thread-safe.
/// </summary>
public sealed class ScriptedConsentPrompt : IConsentPrompt
{
    private readonly ConcurrentQueue<ConsentDecision> script;
    private readonly ConcurrentQueue<ConsentPrompt> asked = new();

    /// <summary>A prompt with its script.</summary>
    /// <param name="answers">The answers, first to last.</param>
    public ScriptedConsentPrompt(params IReadOnlyList<ConsentDecision> answers) => script = new(answers);

    /// <summary>What was asked so far, in order.</summary>
    public IReadOnlyList<ConsentPrompt> Asked => [.. asked];

    /// <inheritdoc/>
    public ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        asked.Enqueue(prompt);
        ConsentDecision decision = script.TryDequeue(out ConsentDecision next) ? next : ConsentDecision.Refuse;
        return ValueTask.FromResult(new ConsentAnswer(decision, ConsentHow.Pressed, DateTimeOffset.UnixEpoch));
    }
}
