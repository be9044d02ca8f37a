namespace RemoteAccess.Trust;

/// <summary>How often a session's technician may have the person asked: one question at a time, a pause after a no, and an end. Thread-safe.</summary>
internal sealed class ApprovalLimits(TimeProvider time)
{
    /// <summary>Questions in one session.</summary>
    public const int MaxQuestions = 20;

    /// <summary>After an answer that was not yes.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private int asked;
    private bool isAsking;
    private long? refusedAt;

    /// <summary>Whether the person may be asked now; then <see cref="End"/> must follow.</summary>
    public bool TryBegin()
    {
        lock (gate)
        {
            if (isAsking || asked >= MaxQuestions || (refusedAt is { } at && time.GetElapsedTime(at) < Pause)) return false;
            isAsking = true;
            asked++;
            return true;
        }
    }

    public void End(bool isYes)
    {
        lock (gate)
        {
            isAsking = false;
            if (!isYes) refusedAt = time.GetTimestamp();
        }
    }
}
