using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>What comes beside the pixels, read: monitors and cursor. What cannot be is <see cref="ChannelError.Malformed"/>.</summary>
internal static class PictureMessages
{
    private const int MaxCursorSide = 512;

    public static ScreenLayout Read(Screen screen)
    {
        if (screen.Monitors.Count is 0 or > CaptureMessages.MaxMonitors) throw new ChannelException(ChannelError.Malformed, "The computer described an impossible number of monitors.");
        var size = new PixelSize(Pixels(screen.Width), Pixels(screen.Height));
        return new ScreenLayout(size, [.. screen.Monitors.Select(Read)]);
    }

    private static MonitorArea Read(Transport.Wire.Monitor monitor)
    {
        if (!PlainText.IsAcceptable(monitor.Name, CaptureMessages.MaxMonitorNameBytes)) throw new ChannelException(ChannelError.Malformed, "The computer named a monitor with something that is not plain text.");
        if (Math.Abs((long)monitor.X) > ushort.MaxValue || Math.Abs((long)monitor.Y) > ushort.MaxValue) throw Impossible();
        return new MonitorArea(monitor.Name, new PixelRect(monitor.X, monitor.Y, Pixels(monitor.Width), Pixels(monitor.Height)), monitor.Primary);
    }

    private static int Pixels(uint value) => value is > 0 and <= ushort.MaxValue ? (int)value : throw Impossible();

    private static ChannelException Impossible() => new(ChannelError.Malformed, "The computer described an impossible screen.");

    public static CursorState Read(CursorMessage cursor, CursorState before)
    {
        switch (cursor.KindCase)
        {
            case CursorMessage.KindOneofCase.Position:
                return before with { X = cursor.Position.X, Y = cursor.Position.Y };
            case CursorMessage.KindOneofCase.Hidden:
                return before with { Shape = null };
            case CursorMessage.KindOneofCase.Image:
                CursorImage image = cursor.Image;
                if (image.Width is 0 or > MaxCursorSide || image.Height is 0 or > MaxCursorSide || image.HotX >= image.Width || image.HotY >= image.Height
                    || image.PremultipliedBgra.Length != image.Width * image.Height * 4)
                    throw new ChannelException(ChannelError.Malformed, "The computer sent an impossible cursor.");
                var shape = new CursorShape(new PixelSize((int)image.Width, (int)image.Height), (int)image.HotX, (int)image.HotY, image.PremultipliedBgra.Memory);
                return new CursorState(image.X, image.Y, shape);
            default:
                return before;
        }
    }
}
