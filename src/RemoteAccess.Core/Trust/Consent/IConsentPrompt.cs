namespace RemoteAccess.Trust;

/// <summary>
/// What shows a prompt to the person at the computer: a window, a terminal, a vendor's own design. It shows every block of the prompt and takes
/// the answer from local, physical input only. It decides nothing else: <see cref="ConsentDesk"/> keeps the time and judges the answer, so a
/// renderer that breaks, never answers or answers late changes nothing.
/// </summary>
public interface IConsentPrompt
{
    /// <summary>
    /// Shows the prompt until the person has answered. Called for one prompt at a time, from any thread; must not block its caller for long.
    /// </summary>
    /// <param name="prompt">What to show.</param>
    /// <param name="cancellationToken">
    /// Cancelled when time is up or the request was taken back: take the prompt from the screen and end, with an
    /// <see cref="OperationCanceledException"/>, within <see cref="ConsentDesk.Grace"/>. A yes no longer counts then.
    /// </param>
    /// <returns>
    /// <see cref="ConsentHow.Pressed"/> with the person's decision, or <see cref="ConsentHow.Closed"/>. Its time is only informative.
    /// </returns>
    ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken);
}
