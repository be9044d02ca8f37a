using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>The tables of docs/picture-context-coder.md, "Place", are the logistic function and its inverse, near enough, and stay inside their bounds.</summary>
public sealed class ContextLogisticTests
{
    [Fact]
    public void Squash_Everywhere_IsTheLogisticFunctionAndNeverCertain()
    {
        for (int x = -ContextLogistic.Limit; x <= ContextLogistic.Limit; x++)
        {
            int value = ContextLogistic.Squash[ContextLogistic.Limit + x];
            Assert.InRange(value, 1, 0xFFFF);
            Assert.InRange(value - 65536 / (1 + Math.Exp(-x / 256.0)), -250, 250);
        }
    }

    [Fact]
    public void Stretch_Everywhere_IsTheSmallestThatIsNotBelow()
    {
        for (int part = 0; part < 4096; part++)
        {
            int x = ContextLogistic.Stretch[part];
            Assert.InRange(x, -ContextLogistic.Limit, ContextLogistic.Limit);
            if (x < ContextLogistic.Limit) Assert.True(ContextLogistic.Squash[ContextLogistic.Limit + x] >> 4 >= part);
            if (x > -ContextLogistic.Limit) Assert.True(ContextLogistic.Squash[ContextLogistic.Limit + x - 1] >> 4 < part);
        }
    }
}
