using RemoteAccess.Picture;

namespace RemoteAccess.Transport;

/// <summary>
/// The description of a frame: flags, layout when it is another, damage, moves, cursor. What is the same as in the frame before is not said again, so both ends keep it. One a capture and end.
/// </summary>
internal sealed class FrameWords
{
    private const byte Hidden = 0, SameShape = 1, NewShape = 2;

    private ScreenLayout? layout;
    private CursorShape? shape;

    /// <summary>In the helper.</summary>
    public MessageWriter Write(uint number, ScreenFrame frame)
    {
        MessageWriter words = new(HelperWord.Frame, number);
        bool isNew = !ReferenceEquals(layout, frame.Layout);
        words.Flag(isNew);
        if (isNew) Write(words, layout = frame.Layout);
        words.Int(frame.Damage.Length);
        foreach (PixelRect area in frame.Damage) words.Rect(area);
        ReadOnlySpan<ScreenMove> moves = frame.Moves[..Math.Min(frame.Moves.Length, MoveList.Capacity)];
        words.Int(moves.Length);
        foreach (ScreenMove move in moves) words.Rect(move.Area).Int(move.Dx).Int(move.Dy);
        CursorState cursor = frame.Cursor;
        words.Int(cursor.X).Int(cursor.Y);
        if (cursor.Shape is not { } now) return words.Byte(Hidden);
        if (ReferenceEquals(shape, now)) return words.Byte(SameShape);
        shape = now;
        return words.Byte(NewShape).Size(now.Size).Int(now.HotX).Int(now.HotY).Bytes(now.Pixels.Span);
    }

    /// <summary>In the service. Everything is within the picture of <paramref name="size"/>, or refused.</summary>
    /// <exception cref="InvalidDataException">It is not what a helper of ours says.</exception>
    public DescribedFrame Read(ref MessageReader words, PixelSize size)
    {
        if (words.Flag()) layout = ReadLayout(ref words, size);
        if (layout is null || layout.Size != size) throw new InvalidDataException("A frame without its monitors.");
        PixelRect[] damage = new PixelRect[words.Int(0, WireLimits.MaxDamage)];
        foreach (ref PixelRect area in damage.AsSpan()) area = Within(words.Rect(), size);
        ScreenMove[] moves = new ScreenMove[words.Int(0, MoveList.Capacity)];
        foreach (ref ScreenMove move in moves.AsSpan()) move = new ScreenMove(Within(words.Rect(), size), words.Int(-WireLimits.MaxSide, WireLimits.MaxSide), words.Int(-WireLimits.MaxSide, WireLimits.MaxSide));
        int x = words.Int(-WireLimits.MaxSide, 2 * WireLimits.MaxSide), y = words.Int(-WireLimits.MaxSide, 2 * WireLimits.MaxSide);
        CursorState cursor = words.Byte() switch
        {
            Hidden => new CursorState(x, y, null),
            SameShape when shape is not null => new CursorState(x, y, shape),
            NewShape => new CursorState(x, y, shape = ReadShape(ref words)),
            _ => throw new InvalidDataException("A cursor that there is not."),
        };
        words.End();
        return new DescribedFrame(layout, damage, moves, cursor);
    }

    private static void Write(MessageWriter words, ScreenLayout layout)
    {
        int count = Math.Min(layout.Monitors.Count, WireLimits.MaxMonitors);
        words.Size(layout.Size).Int(count);
        foreach (MonitorArea monitor in layout.Monitors.Take(count)) words.Text(monitor.Name, WireLimits.MaxName).Rect(monitor.Area).Flag(monitor.IsPrimary);
    }

    private static ScreenLayout ReadLayout(ref MessageReader words, PixelSize size)
    {
        if (words.Size() != size) throw new InvalidDataException("A layout of another size than the shared memory.");
        MonitorArea[] monitors = new MonitorArea[words.Int(1, WireLimits.MaxMonitors)];
        for (int i = 0; i < monitors.Length; i++)
        {
            string name = words.Text(WireLimits.MaxName);
            if (name.Any(char.IsControl)) throw new InvalidDataException("A monitor's name has control characters.");
            monitors[i] = new MonitorArea(name, Within(words.Rect(), size), words.Flag());
        }
        return new ScreenLayout(size, monitors);
    }

    private static CursorShape ReadShape(ref MessageReader words)
    {
        PixelSize size = new(words.Int(1, WireLimits.MaxCursor), words.Int(1, WireLimits.MaxCursor));
        int hotX = words.Int(0, size.Width), hotY = words.Int(0, size.Height);
        byte[] pixels = words.Bytes((int)size.Area * 4).ToArray();
        // Premultiplied: no colour is more than its alpha, whoever says so.
        for (int i = 0; i < pixels.Length; i += 4)
        {
            byte alpha = pixels[i + 3];
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (Math.Min(pixels[i], alpha), Math.Min(pixels[i + 1], alpha), Math.Min(pixels[i + 2], alpha));
        }
        return new CursorShape(size, hotX, hotY, pixels);
    }

    private static PixelRect Within(PixelRect area, PixelSize size) =>
        area.X >= 0 && area.Y >= 0 && area.Width > 0 && area.Height > 0 && (long)area.X + area.Width <= size.Width && (long)area.Y + area.Height <= size.Height
            ? area
            : throw new InvalidDataException($"{area} is not within {size}.");
}

/// <summary>What a helper says of a frame, looked at.</summary>
internal sealed record DescribedFrame(ScreenLayout Layout, PixelRect[] Damage, ScreenMove[] Moves, CursorState Cursor);
