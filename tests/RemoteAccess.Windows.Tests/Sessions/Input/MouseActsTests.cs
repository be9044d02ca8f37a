using RemoteAccess.Interop;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class MouseActsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(640)]
    [InlineData(1366)]
    [InlineData(1920)]
    [InlineData(5760)]
    [InlineData(7679)]
    [InlineData(32768)]
    public void Scale_OfEachPixel_IsThatPixelToWindows(int pixels)
    {
        for (int pixel = 0; pixel < pixels; pixel++) Assert.Equal(pixel, (int)((long)MouseActs.Scale(pixel, pixels) * pixels / 65536));
    }

    [Fact]
    public void Scale_Outside_IsClamped()
    {
        Assert.Equal(MouseActs.Scale(0, 100), MouseActs.Scale(-5, 100));
        Assert.Equal(MouseActs.Scale(99, 100), MouseActs.Scale(int.MaxValue, 100));
        Assert.Equal(0, MouseActs.Scale(5, 0));
    }

    [Theory]
    [InlineData(MouseButton.Left, false, User32Input.LeftDown)]
    [InlineData(MouseButton.Left, true, User32Input.RightDown)]
    [InlineData(MouseButton.Right, true, User32Input.LeftDown)]
    [InlineData(MouseButton.Middle, true, User32Input.MiddleDown)]
    public void Press_WithButtonsSwapped_IsWhatTheyDo(MouseButton button, bool isSwapped, uint flags) => Assert.Equal(flags, MouseActs.Press(button, true, isSwapped).MouseFlags);
}
