namespace RemoteAccess.Picture;

/// <summary>What the system says has moved, as far as there is room: hints, of which the picture takes four anyway. Allocates nothing. One owner at a time.</summary>
internal sealed class MoveList
{
    public const int Capacity = 16;

    private readonly ScreenMove[] moves = new ScreenMove[Capacity];
    private int count;

    public ReadOnlySpan<ScreenMove> Moves => moves.AsSpan(0, count);

    public void Clear() => count = 0;

    /// <param name="move">Left out if nothing of it is on the screen, or there is no room.</param>
    public void Add(ScreenMove move)
    {
        if (!move.Area.IsEmpty && count < Capacity) moves[count++] = move;
    }
}
