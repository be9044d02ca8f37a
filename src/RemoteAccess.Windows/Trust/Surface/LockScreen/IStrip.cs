namespace RemoteAccess.Trust;

/// <summary>What stands for the customer's surface where that cannot be: at the lock screen and before log-on. One caller at a time.</summary>
internal interface IStrip : IAsyncDisposable
{
    /// <summary>Shows these words, and looks.</summary>
    /// <param name="words">Null while nobody is connected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// Whether a person before the screen sees them; with no words, whether a person would. Never on a user's own desktop, which is the surface's, nor when it cannot be shown or known.
    /// </returns>
    Task<bool> ShowAsync(BannerWords? words, CancellationToken cancellationToken);
}
