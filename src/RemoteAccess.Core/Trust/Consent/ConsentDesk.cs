using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess.Trust;

/// <summary>
/// Asks the person at the computer, by whatever renderer there is, and decides what counts: only "the person pressed Allow", given in time, is a
/// yes (or the stated default of a grant, when a renderer that works got no answer). One prompt is open at a time; a further request is refused as
/// <see cref="ConsentHow.Busy"/>, not queued: a queue could be used to wear a person out, and a prompt would appear under a hand that is
/// answering another. Thread-safe.
/// </summary>
public sealed class ConsentDesk
{
    /// <summary>How long a renderer may take to end after its token is cancelled, before it counts as failed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IConsentPrompt renderer;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private int taken;
    private volatile bool isOpen;

    /// <summary>A desk with its renderer.</summary>
    /// <param name="renderer">What shows the prompts; only this desk may use it.</param>
    /// <param name="timeProvider">Default: the system's clock.</param>
    /// <param name="logger">Gets a renderer's failures; default: nowhere.</param>
    public ConsentDesk(IConsentPrompt renderer, TimeProvider? timeProvider = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        this.renderer = renderer;
        time = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger.Instance;
    }

    /// <summary>
    /// Whether a prompt is open. While it is, no remote input may reach the computer. It stays true while a renderer that was told to end has not.
    /// </summary>
    public bool IsPromptOpen => isOpen;

    /// <summary>
    /// <see cref="IsPromptOpen"/> has become true or false. Raised on the asking thread and to the end before the prompt is shown, and after it is
    /// gone: a handler that suspends remote input has done so in time. When a handler throws before, nothing is shown and the answer is no. Never raised
    /// for two prompts at once: another prompt is <see cref="ConsentHow.Busy"/> until every handler has heard the end of this one, so a handler may
    /// resume input when <see cref="IsPromptOpen"/> is false. It may hear false without having heard true.
    /// </summary>
    public event EventHandler? PromptOpenChanged;

    /// <summary>Asks, and waits for the answer or the end of the time. Never throws because of the renderer.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="shownTo">Whose desktop it is, for the record: 1 to 256 UTF-8 bytes without control characters.</param>
    /// <param name="cancellationToken">Takes the request back: the answer is then a refusal, <see cref="ConsentHow.Withdrawn"/>.</param>
    /// <returns>What to record, and the answer in it.</returns>
    /// <exception cref="ArgumentException"><paramref name="shownTo"/> is not a name that can be recorded.</exception>
    public async ValueTask<ConsentEvidence> AskAsync(ConsentPrompt prompt, string shownTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        OnSiteConsent.ValidateName(shownTo);
        (ConsentDecision decision, ConsentHow how) = await DecideAsync(prompt, cancellationToken).ConfigureAwait(false);
        return new ConsentEvidence
        {
            Text = prompt.Text,
            Locale = prompt.Culture.Name,
            ShownTo = shownTo,
            Answer = new ConsentAnswer(decision, how, time.GetUtcNow()),
        };
    }

    /// <summary>
    /// For another window of this product that is only the person's to fill in, such as one for a password: while it is shown <see cref="IsPromptOpen"/> is true, so no
    /// remote input reaches the computer, and no prompt is.
    /// </summary>
    /// <param name="show">Shows it, and completes when it is gone. What it throws is thrown here.</param>
    /// <returns>False, and nothing was shown: a prompt is open.</returns>
    public async ValueTask<bool> ShowAsync(Func<ValueTask> show)
    {
        ArgumentNullException.ThrowIfNull(show);
        if (Interlocked.CompareExchange(ref taken, 1, 0) != 0) return false;
        try
        {
            isOpen = true;
            PromptOpenChanged?.Invoke(this, EventArgs.Empty);
            await show().ConfigureAwait(false);
            return true;
        }
        finally
        {
            Close();
        }
    }

    private async ValueTask<(ConsentDecision, ConsentHow)> DecideAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return (ConsentDecision.Refuse, ConsentHow.Withdrawn);
        if (Interlocked.CompareExchange(ref taken, 1, 0) != 0) return (ConsentDecision.Refuse, ConsentHow.Busy);
        Task<ConsentAnswer>? shown = null;
        // Not disposed: a renderer may still look at its token, and there is no timer in it.
        var end = new CancellationTokenSource();
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            isOpen = true;
            PromptOpenChanged?.Invoke(this, EventArgs.Empty);
            // The time runs from here on, and not in the renderer.
            long begun = time.GetTimestamp();
            Task timeUp = Task.Delay(prompt.Request.Timeout, time, clock.Token);
            shown = Task.Run(() => renderer.AskAsync(prompt, end.Token).AsTask(), CancellationToken.None);
            await Task.WhenAny(shown, timeUp).ConfigureAwait(false);
            // A timer may be late, after the computer's sleep for one, and the word of a cancellation on its way; an answer is judged by what is so.
            bool isOver = timeUp.IsCompleted || cancellationToken.IsCancellationRequested || time.GetElapsedTime(begun) >= prompt.Request.Timeout;
            if (!isOver) return Judge(shown);
            bool isBroken = shown.IsFaulted || shown.IsCanceled;
            await EndAsync(shown, end).ConfigureAwait(false);
            return cancellationToken.IsCancellationRequested ? (ConsentDecision.Refuse, ConsentHow.Withdrawn) : JudgeLate(prompt, shown, isBroken);
        }
        catch (Exception exception)
        {
            // A handler of the event threw: nothing was shown, so nothing was agreed.
            Log.ConsentRendererFailed(logger, exception);
            return (ConsentDecision.Refuse, ConsentHow.RendererFailed);
        }
        finally
        {
            await clock.CancelAsync().ConfigureAwait(false);
            if (shown is null || shown.IsCompleted) Close();
            else _ = shown.ContinueWith(_ => Close(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Tells the renderer to end, and waits for it no longer than the grace.</summary>
    private async ValueTask EndAsync(Task shown, CancellationTokenSource end)
    {
        // What runs on the renderer's token may throw or hang; neither is anybody's business but its own.
        _ = end.CancelAsync().ContinueWith(told => Log.ConsentRendererFailed(logger, told.Exception), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        using var grace = new CancellationTokenSource();
        await Task.WhenAny(shown, Task.Delay(Grace, time, grace.Token)).ConfigureAwait(false);
        await grace.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>The answer came in time.</summary>
    private (ConsentDecision, ConsentHow) Judge(Task<ConsentAnswer> shown)
    {
        if (shown.IsCompletedSuccessfully)
        {
            switch (shown.Result)
            {
                case { How: ConsentHow.Pressed, Decision: ConsentDecision.Allow }: return (ConsentDecision.Allow, ConsentHow.Pressed);
                case { How: ConsentHow.Pressed, Decision: ConsentDecision.Refuse }: return (ConsentDecision.Refuse, ConsentHow.Pressed);
                case { How: ConsentHow.Closed }: return (ConsentDecision.Refuse, ConsentHow.Closed);
            }
        }
        Log.ConsentRendererFailed(logger, shown.Exception);
        return (ConsentDecision.Refuse, ConsentHow.RendererFailed);
    }

    /// <summary>Time is up. A yes no longer counts; a no still does; and only a renderer that ends as told has shown the question at all.</summary>
    private (ConsentDecision, ConsentHow) JudgeLate(ConsentPrompt prompt, Task<ConsentAnswer> shown, bool isBroken)
    {
        if (prompt.TimeoutDecision == ConsentDecision.Refuse && !isBroken) return (ConsentDecision.Refuse, ConsentHow.TimedOut);
        if (!isBroken && shown.IsCompletedSuccessfully)
        {
            switch (shown.Result)
            {
                case { How: ConsentHow.Pressed, Decision: ConsentDecision.Refuse }: return (ConsentDecision.Refuse, ConsentHow.Pressed);
                case { How: ConsentHow.Pressed, Decision: ConsentDecision.Allow }: return (prompt.TimeoutDecision, ConsentHow.TimedOut);
                case { How: ConsentHow.Closed }: return (ConsentDecision.Refuse, ConsentHow.Closed);
            }
        }
        if (!isBroken && (shown.IsCanceled || shown.Exception?.InnerException is OperationCanceledException)) return (prompt.TimeoutDecision, ConsentHow.TimedOut);
        Log.ConsentRendererFailed(logger, shown.Exception);
        return (ConsentDecision.Refuse, ConsentHow.RendererFailed);
    }

    /// <summary>Tells every handler, and only then lets another prompt in: a handler that is still about to resume input must not meet one.</summary>
    private void Close()
    {
        isOpen = false;
        foreach (EventHandler handler in Delegate.EnumerateInvocationList(PromptOpenChanged))
        {
            try
            {
                handler(this, EventArgs.Empty);
            }
            catch (Exception exception)
            {
                // The answer stands, whatever became of a handler.
                Log.ConsentHandlerFailed(logger, exception);
            }
        }
        Volatile.Write(ref taken, 0);
    }
}
