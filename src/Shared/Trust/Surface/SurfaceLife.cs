namespace RemoteAccess.Trust;

/// <summary>The life of one surface, whichever platform's.</summary>
internal static class SurfaceLife
{
    /// <summary>Starts it and returns when it is over: its agent is gone and that was said, or it was cancelled, which is no error. What it held is gone then, also when it could not start.</summary>
    public static async Task RunAsync(SurfaceThread thread, CancellationToken cancellationToken)
    {
        try
        {
            await thread.StartAsync(CancellationToken.None).ConfigureAwait(false);
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static thread => ((SurfaceThread)thread!).TakeBack(), thread);
            await thread.Ended.ConfigureAwait(false);
        }
        finally
        {
            await thread.DisposeAsync().ConfigureAwait(false);
            await thread.FinishAsync().ConfigureAwait(false);
        }
    }
}
