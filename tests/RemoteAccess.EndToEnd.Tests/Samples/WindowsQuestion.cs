namespace RemoteAccess.Tests;

/// <summary>A question on a <see cref="WindowsBox"/>' screen: its middle, and what the screen was without it.</summary>
internal sealed record WindowsQuestion(int X, int Y, XwdPicture Before)
{
    private const int LeastSide = 300;

    /// <summary>Null while there is nothing new of a question's size.</summary>
    public static WindowsQuestion? Find(XwdPicture before, XwdPicture now)
    {
        int width = now.Size.Width;
        int[] changed = [.. Enumerable.Range(0, now.Pixels.Length).Where(i => now.Pixels[i] != before.Pixels[i])];
        if (changed.Length < LeastSide * LeastSide) return null;
        (int left, int right) = (changed.Min(i => i % width), changed.Max(i => i % width));
        return new WindowsQuestion((left + right) / 2, (changed[0] + changed[^1]) / 2 / width, before);
    }
}
