using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class SearchPauseTests
{
    private readonly SearchPause pause = new();

    [Fact]
    public void IsPaused_NoiseWithoutVector_DoublesUpToSixteenFrames()
    {
        foreach (int expected in (int[])[0, 1, 2, 4, 8, 16, 16])
        {
            int passed = 0;
            while (pause.IsPaused(1000)) passed++;
            Assert.Equal(expected, passed);
            pause.Searched(1000, 0.9, 0);
        }
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.9, 40)]
    public void IsPaused_TextOrAVector_NeverBegins(double novelty, int moved)
    {
        for (int i = 0; i < 5; i++)
        {
            pause.Searched(1000, novelty, moved);
            Assert.False(pause.IsPaused(1000));
        }
    }

    [Fact]
    public void IsPaused_DamageOfAnotherSize_EndsIt()
    {
        for (int i = 0; i < 4; i++) pause.Searched(1000, 0.9, 0);
        Assert.True(pause.IsPaused(1200));

        Assert.False(pause.IsPaused(1300));
        Assert.False(pause.IsPaused(1000));
    }
}
