using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// The agent of a surface that is its child: found again when the connection was cut and the agent goes on, as after a freeze of the surface. When there is none for 30 s, or the parent is gone and 30 s are over, the
/// surface ends; a parent that starts anew has a child of its own.
/// </summary>
/// <param name="connect">Finds the agent.</param>
/// <param name="end">Ends the surface.</param>
/// <param name="time">For the 30 s.</param>
internal sealed class ParentsAgent(Func<CancellationToken, Task<ISurfaceAgent>> connect, CancellationTokenSource end, TimeProvider time)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(30);
    private volatile bool isOrphan;
    private bool wasFound;
    private long lostAt;

    /// <summary>Why there never was one; null when there was.</summary>
    public SurfaceException? Failure { get; private set; }

    /// <summary>The parent is gone.</summary>
    public void Leave() => isOrphan = true;

    /// <exception cref="SurfaceException">There is none at this moment.</exception>
    public async Task<ISurfaceAgent> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (isOrphan) throw new SurfaceException("The program that started this is gone.");
            ISurfaceAgent agent = await connect(cancellationToken);
            (wasFound, lostAt) = (true, 0);
            return agent;
        }
        catch (SurfaceException none)
        {
            if (lostAt == 0) lostAt = time.GetTimestamp();
            if (!wasFound) Failure = none;
            if (!wasFound || time.GetElapsedTime(lostAt) >= Farewell) await end.CancelAsync();
            throw;
        }
    }
}
