using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class WheelNotchesTests
{
    [Fact]
    public void Turn_ByLessThanANotch_WaitsForTheRest()
    {
        WheelNotches wheel = new();

        Assert.Equal((0, 0), wheel.Turn(0, 100));
        Assert.Equal((0, 1), wheel.Turn(0, 100));
        Assert.Equal((0, 1), wheel.Turn(0, 40));
    }

    [Fact]
    public void Turn_TheOtherWay_ForgetsTheRest()
    {
        WheelNotches wheel = new();

        Assert.Equal((0, 0), wheel.Turn(0, 119));
        Assert.Equal((0, 0), wheel.Turn(0, -119));
        Assert.Equal((0, -1), wheel.Turn(0, -1));
    }

    [Theory]
    [InlineData(int.MaxValue, WheelNotches.MaxNotches)]
    [InlineData(int.MinValue, -WheelNotches.MaxNotches)]
    public void Turn_ByAnAbsurdAmount_IsBounded(int delta, int notches)
    {
        WheelNotches wheel = new();

        Assert.Equal((notches, notches), wheel.Turn(delta, delta));
        Assert.Equal((0, 0), wheel.Turn(0, 0));
    }
}
