using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

public sealed class WireShapeTests
{
    /// <summary>What this library writes is always sound, unknown fields of every wire type included.</summary>
    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void IsSound_WrittenMessages_AreAccepted()
    {
        byte[] unknown = [0xF8, 0x3E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0xF9, 0x3E, 1, 2, 3, 4, 5, 6, 7, 8, 0xFA, 0x3E, 2, 0xFF, 0xFF, 0xFD, 0x3E, 1, 2, 3, 4];
        Prop.ForAll<string, int, int[]>((name, number, sides) =>
        {
            ControlMessage message = new() { Screen = new Screen { Width = (uint)number } };
            message.Screen.Monitors.Add(sides.Select(side => new RemoteAccess.Transport.Wire.Monitor { Name = name ?? "", X = side, Y = -side }));
            byte[] bytes = [.. message.ToByteArray(), .. unknown];
            Assert.True(WireShape.IsSound(bytes, ControlMessage.Descriptor));
            Assert.Equal(message.Screen, ControlMessage.Parser.ParseFrom(bytes).Screen);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260105, 1));
    }

    /// <summary>Every proper prefix of a message that ends inside a field is refused, at whatever depth.</summary>
    [Fact]
    public void IsSound_CutMessage_IsRefused()
    {
        byte[] bytes = new ControlMessage { Screen = new Screen { Monitors = { new RemoteAccess.Transport.Wire.Monitor { Name = "left", Width = 1920 } } } }.ToByteArray();

        for (int length = 1; length < bytes.Length; length++) Assert.False(WireShape.IsSound(bytes.AsSpan(0, length), ControlMessage.Descriptor), $"{length} bytes");
    }

    [Theory]
    [InlineData("4202FF07")] // screen: a tag whose varint does not end
    [InlineData("42041A020A05")] // monitor: a name longer than it
    [InlineData("42021A01")] // screen: a monitor longer than it
    public void IsSound_BrokenInside_IsRefused(string hex) => Assert.False(WireShape.IsSound(Convert.FromHexString(hex), ControlMessage.Descriptor));
}
