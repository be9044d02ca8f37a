namespace RemoteAccess.Sessions;

/// <summary>
/// When the session's latest inputs were sent (viewer) or carried out (agent), by their number: both sides count the messages of the input
/// stream, so no message carries one. Thread-safe.
/// </summary>
internal sealed class InputTimes
{
    private const int Remembered = 256;

    private readonly Lock gate = new();
    private readonly long[] times = new long[Remembered];
    private int count;

    /// <summary>One more input, at this timestamp.</summary>
    public void Add(long timestamp)
    {
        lock (gate) times[count++ % Remembered] = timestamp;
    }

    /// <summary>How many inputs, modulo 2^16, were added not later than <paramref name="timestamp"/>.</summary>
    public ushort CountUntil(long timestamp)
    {
        lock (gate)
        {
            int until = count;
            while (until > 0 && count - until < Remembered && times[(until - 1) % Remembered] > timestamp) until--;
            return (ushort)until;
        }
    }

    /// <summary>When the input with this number modulo 2^16 was added; null when it was not, or is forgotten.</summary>
    public long? TimeOf(ushort number)
    {
        lock (gate)
        {
            int back = (ushort)(count - number);
            return back < Math.Min(count, Remembered) ? times[(count - back - 1) % Remembered] : null;
        }
    }
}
