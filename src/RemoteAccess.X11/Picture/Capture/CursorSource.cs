using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>The cursor's picture by XFixes, its position by asking.</summary>
internal sealed unsafe class CursorSource
{
    private const int MaxSide = 512;

    private readonly XConnection connection;
    private readonly int notify;
    private CursorShape? shape;
    private bool isStale = true;

    public CursorSource(XConnection connection)
    {
        this.connection = connection;
        _ = LibXfixes.XFixesQueryExtension(connection.Display, out int first, out _);
        notify = first + LibXfixes.CursorNotify;
        LibXfixes.XFixesSelectCursorInput(connection.Display, connection.Root, LibXfixes.DisplayCursorNotifyMask);
    }

    /// <summary>Whether the picture may have changed since <see cref="Read"/>.</summary>
    public bool IsPending => isStale;

    public void Handle(XEvent* xevent)
    {
        if (xevent->Type == notify) isStale = true;
    }

    public CursorState Read()
    {
        if (isStale)
        {
            isStale = false;
            CursorShape? current = ReadShape();
            if (!IsSame(shape, current)) shape = current;
        }
        _ = LibX11.XQueryPointer(connection.Display, connection.Root, out _, out _, out int x, out int y, out _, out _, out _);
        connection.ThrowIfLost();
        return new CursorState(x, y, shape);
    }

    private CursorShape? ReadShape()
    {
        CursorImage* image = LibXfixes.XFixesGetCursorImage(connection.Display);
        // BadCursor: the server shows none.
        _ = connection.TakeError();
        connection.ThrowIfLost();
        if (image == null) return null;
        int width = Math.Min((int)image->Width, MaxSide), height = Math.Min((int)image->Height, MaxSide);
        byte[] pixels = new byte[width * height * 4];
        uint visible = 0;
        for (int y = 0, at = 0; y < height; y++)
        {
            nuint* row = image->Pixels + (y * image->Width);
            for (int x = 0; x < width; x++, at += 4)
            {
                uint pixel = (uint)row[x];
                visible |= pixel;
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(pixels.AsSpan(at), pixel);
            }
        }
        CursorShape read = new(new PixelSize(width, height), image->HotX, image->HotY, pixels);
        _ = LibX11.XFree(image);
        return visible == 0 ? null : read;
    }

    private static bool IsSame(CursorShape? a, CursorShape? b) =>
        a is null ? b is null : b is not null && a.Size == b.Size && a.HotX == b.HotX && a.HotY == b.HotY && a.Pixels.Span.SequenceEqual(b.Pixels.Span);
}
