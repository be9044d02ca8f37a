using Google.Protobuf;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>The messages that go beside the pixels: monitors and cursor.</summary>
internal static class CaptureMessages
{
    /// <summary>What a viewer takes: any program of the customer's may add monitors to some systems, and name them as it likes.</summary>
    public const int MaxMonitors = 64, MaxMonitorNameBytes = 256;

    /// <summary>In UTF-16; three bytes each at most.</summary>
    private const int MaxMonitorNameLength = MaxMonitorNameBytes / 4;

    public static ControlMessage Describe(ScreenLayout layout)
    {
        var screen = new Screen { Width = (uint)layout.Size.Width, Height = (uint)layout.Size.Height };
        foreach (MonitorArea monitor in layout.Monitors.Take(MaxMonitors))
            screen.Monitors.Add(new Transport.Wire.Monitor
            {
                Name = PrintableText.Cut(PrintableText.Of(monitor.Name), MaxMonitorNameLength),
                X = monitor.Area.X,
                Y = monitor.Area.Y,
                Width = (uint)monitor.Area.Width,
                Height = (uint)monitor.Area.Height,
                Primary = monitor.IsPrimary,
            });
        return new ControlMessage { Screen = screen };
    }

    /// <summary>A shape is sent once, then only positions.</summary>
    public static CursorMessage Describe(CursorState? before, CursorState now)
    {
        if (now.Shape is not { } shape) return new CursorMessage { Hidden = new CursorHidden() };
        if (ReferenceEquals(before?.Shape, shape)) return new CursorMessage { Position = new CursorPosition { X = now.X, Y = now.Y } };
        return new CursorMessage
        {
            Image = new CursorImage
            {
                Width = (uint)shape.Size.Width,
                Height = (uint)shape.Size.Height,
                HotX = (uint)shape.HotX,
                HotY = (uint)shape.HotY,
                PremultipliedBgra = ByteString.CopyFrom(shape.Pixels.Span),
                X = now.X,
                Y = now.Y,
            },
        };
    }
}
