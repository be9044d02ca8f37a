using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>The cursor by asking: its place each time, its picture when its handle is another. On the capture's thread.</summary>
internal sealed unsafe class GdiCursor
{
    private nint known;
    private CursorShape? shape;

    /// <param name="desktop">The virtual screen in Windows' coordinates.</param>
    public CursorState Read(PixelRect desktop)
    {
        CursorInfo info = new() { Size = (uint)sizeof(CursorInfo) };
        if (User32Screen.GetCursorInfo(&info) == 0) return default;
        (int x, int y) = (info.Position.X - desktop.X, info.Position.Y - desktop.Y);
        if (info.Flags != User32Screen.CursorShowing || info.Cursor == 0) return new CursorState(x, y, null);
        if (info.Cursor != known)
        {
            known = info.Cursor;
            shape = ReadShape(info.Cursor);
        }
        return new CursorState(x, y, shape);
    }

    private static CursorShape? ReadShape(nint cursor)
    {
        IconInfo icon;
        // Its owner may have destroyed it meanwhile.
        if (User32Screen.GetIconInfo(cursor, &icon) == 0) return null;
        nint context = Gdi32.CreateCompatibleDC(0);
        try
        {
            return icon.Colour != 0 ? ReadColour(context, icon) : ReadMonochrome(context, icon);
        }
        finally
        {
            _ = Gdi32.DeleteDC(context);
            if (icon.Mask != 0) _ = Gdi32.DeleteObject(icon.Mask);
            if (icon.Colour != 0) _ = Gdi32.DeleteObject(icon.Colour);
        }
    }

    private static CursorShape? ReadColour(nint context, IconInfo icon)
    {
        if (ReadBits(context, icon.Colour, out PixelSize size) is not { } pixels) return null;
        bool hasAlpha = false;
        foreach (uint pixel in pixels) hasAlpha |= pixel >> 24 != 0;
        if (hasAlpha) CursorPixels.Premultiply(pixels);
        else if (ReadBits(context, icon.Mask, out PixelSize maskSize) is { } mask && maskSize == size) CursorPixels.Combine(pixels, IsSet(mask), size.Width);
        else return null;
        return CursorPixels.ToShape(pixels, size, (int)icon.HotX, (int)icon.HotY);
    }

    /// <summary>One bitmap, twice as high: the mask, and below it what is combined by exclusive or.</summary>
    private static CursorShape? ReadMonochrome(nint context, IconInfo icon)
    {
        if (ReadBits(context, icon.Mask, out PixelSize both) is not { } bits) return null;
        PixelSize size = new(both.Width, both.Height / 2);
        int count = (int)size.Area;
        uint[] pixels = bits[count..(count * 2)];
        CursorPixels.Combine(pixels, IsSet(bits.AsSpan(0, count)), size.Width);
        return CursorPixels.ToShape(pixels, size, (int)icon.HotX, (int)icon.HotY);
    }

    private static bool[] IsSet(ReadOnlySpan<uint> mask)
    {
        bool[] isSet = new bool[mask.Length];
        for (int i = 0; i < mask.Length; i++) isSet[i] = (mask[i] & 0xffffff) != 0;
        return isSet;
    }

    private static uint[]? ReadBits(nint context, nint bitmap, out PixelSize size)
    {
        const int MaxBitmapSide = 2 * CursorPixels.MaxSide;
        BitmapDescription description;
        size = default;
        if (Gdi32.GetObjectW(bitmap, sizeof(BitmapDescription), &description) == 0) return null;
        if (description.Width is < 1 or > MaxBitmapSide || description.Height is < 1 or > MaxBitmapSide) return null;
        size = new PixelSize(description.Width, description.Height);
        BitmapHeader header = BitmapHeader.TopDown(size);
        uint[] pixels = new uint[size.Area];
        fixed (uint* bits = pixels)
        {
            return Gdi32.GetDIBits(context, bitmap, 0, (uint)size.Height, bits, &header, Gdi32.RgbColours) == size.Height ? pixels : null;
        }
    }
}
