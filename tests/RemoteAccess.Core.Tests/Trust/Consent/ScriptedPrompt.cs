using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A renderer that the test plays: it is told when it is shown, and answers when the test says so.</summary>
internal sealed class ScriptedPrompt(Func<CancellationToken, Task<ConsentAnswer>>? script = null) : IConsentPrompt
{
    private readonly TaskCompletionSource<ConsentAnswer> answer = new();
    private readonly TaskCompletionSource shown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Shown => shown.Task;

    public int Times { get; private set; }

    public CancellationToken Token { get; private set; }

    public void Press(ConsentDecision decision, ConsentHow how = ConsentHow.Pressed) => answer.SetResult(new ConsentAnswer(decision, how, DateTimeOffset.MaxValue));

    public void Fail(Exception exception) => answer.SetException(exception);

    public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        Times++;
        Token = cancellationToken;
        shown.TrySetResult();
        return await (script is null ? answer.Task : script(cancellationToken));
    }

    /// <summary>Nobody answers, and it ends when it is told to.</summary>
    public static ScriptedPrompt Patient() => new(async token =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, token);
        throw new InvalidOperationException();
    });
}
