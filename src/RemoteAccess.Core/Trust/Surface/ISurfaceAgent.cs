namespace RemoteAccess.Trust;

/// <summary>
/// The agent as the customer's surface sees it: what is so now, and what the customer may do about it, no more. Implementations are thread-safe.
/// </summary>
public interface ISurfaceAgent : IAsyncDisposable
{
    /// <summary>What was so when the agent last said something; it says so at once when it changes.</summary>
    SurfaceStatus Status { get; }

    /// <summary>Raised after <see cref="Status"/> changed, and once when the agent is gone; on no particular thread.</summary>
    event EventHandler? StatusChanged;

    /// <summary>Whether the agent can be heard. Once false, it stays so.</summary>
    bool IsConnected { get; }

    /// <summary>
    /// Says that the person can see this status on the screen at this moment. It is good for what it is and for no longer: 1 s later it is not shown any more,
    /// so call it several times a second, each time from where it is drawn and right after looking that it is there. While nothing is shown for 2 s no picture
    /// and no input passes; after 5 s sessions end. Does not wait.
    /// </summary>
    /// <param name="shown">What is drawn and visible: a <see cref="Status"/> of this agent, not merely the newest one. Null when the person cannot see it.</param>
    void ReportShown(SurfaceStatus? shown);

    /// <summary>Does what the customer asked for; returns when it is in force.</summary>
    /// <exception cref="SurfaceException">It was not done, and why.</exception>
    Task DoAsync(SurfaceAction action, CancellationToken cancellationToken);

    /// <summary>What happened, newest first.</summary>
    /// <param name="skip">How many of the newest to leave out; 0 or more.</param>
    /// <param name="count">How many lines at most, 1 to 500.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">It cannot be read, and why.</exception>
    Task<IReadOnlyList<SurfaceHistoryLine>> ReadHistoryAsync(int skip, int count, CancellationToken cancellationToken);

    /// <summary>The report of a period as one HTML page.</summary>
    /// <param name="period">As in <c>2026-03</c> for a month, <c>2026-W10</c> for a week, or a session's id in hex.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">It cannot be made, and why.</exception>
    Task<string> ReadReportAsync(string period, CancellationToken cancellationToken);
}

/// <summary>An action of the customer was not carried out. The message can be shown to a person.</summary>
public sealed class SurfaceException : Exception
{
    /// <summary>Not carried out.</summary>
    /// <param name="message">Why, in a sentence for the person.</param>
    /// <param name="inner">What it came from.</param>
    public SurfaceException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>In English; the surface's process has the person's language.</summary>
    internal SurfaceException(SurfaceProblem problem, string about = "", Exception? inner = null) : base(NoticeWords.English.Texts.Fill($"error.{problem}", about), inner) => (Problem, About) = (problem, about);

    internal SurfaceProblem? Problem { get; }

    /// <summary>What the sentence is about, where it has a place for it.</summary>
    internal string About { get; } = "";
}
