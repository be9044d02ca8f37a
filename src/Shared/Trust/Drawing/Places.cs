namespace RemoteAccess.Trust;

/// <summary>Points and rectangles.</summary>
internal static class Places
{
    public static bool Holds(this PixelRect area, int x, int y) => x >= area.X && y >= area.Y && x < area.Right && y < area.Bottom;
}
