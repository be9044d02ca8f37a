namespace RemoteAccess.Picture;

/// <summary>
/// Video and animation move by no vector frame after frame: after each such search of noisy content twice as many frames pass unsearched,
/// up to 16. A damage of another size ends the pause, because something else is moving.
/// </summary>
internal sealed class SearchPause
{
    private const int Longest = 16;

    // The share of pixels unlike their right neighbour: video has 0.5 and more, text and surfaces less than 0.3.
    private const double Noisy = 0.4;

    // A chance vector explains a few blocks of any video.
    private const int WorthOneIn = 32;

    private int length;
    private int left;
    private int damagedThen;

    /// <summary>Whether this frame is passed over; asked once for a frame.</summary>
    public bool IsPaused(int damagedBlocks)
    {
        if (left == 0) return false;
        if (Math.Abs(damagedBlocks - damagedThen) * 4 > damagedThen)
        {
            left = length = 0;
            return false;
        }

        left--;
        return true;
    }

    /// <summary>What a search came to.</summary>
    public void Searched(int damagedBlocks, double novelty, int movedBlocks)
    {
        length = movedBlocks * WorthOneIn >= damagedBlocks || novelty < Noisy ? 0 : Math.Clamp(length * 2, 1, Longest);
        left = length;
        damagedThen = damagedBlocks;
    }
}
