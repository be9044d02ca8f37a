using Google.Protobuf;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Picture;

/// <summary>The messages that go beside the pixels: monitors and cursor.</summary>
internal static class CaptureMessages
{
    public static ControlMessage Describe(ScreenLayout layout)
    {
        var screen = new Screen { Width = (uint)layout.Size.Width, Height = (uint)layout.Size.Height };
        foreach (MonitorArea monitor in layout.Monitors)
            screen.Monitors.Add(new Transport.Wire.Monitor
            {
                Name = monitor.Name,
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
