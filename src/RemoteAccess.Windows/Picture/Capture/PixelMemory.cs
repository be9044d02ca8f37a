using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// Memory for one picture of the desktop: a DIB section, so that GDI can draw into it. 32 bits a pixel, the first row first, rows 4 × width
/// bytes apart. May be closed on any thread.
/// </summary>
internal sealed unsafe class PixelMemory : SafeHandle
{
    private readonly uint* bits;

    /// <exception cref="DesktopException">There is no memory for it.</exception>
    public PixelMemory(PixelSize size) : base(0, ownsHandle: true)
    {
        Size = size;
        BitmapHeader header = BitmapHeader.TopDown(size);
        void* address = null;
        nint bitmap = Gdi32.CreateDIBSection(0, &header, Gdi32.RgbColours, &address, 0, 0);
        if (bitmap == 0 || address == null) throw new DesktopException(DesktopError.NoDisplay, $"There is no memory for a picture of {size}.");
        bits = (uint*)address;
        SetHandle(bitmap);
    }

    public PixelSize Size { get; }

    /// <summary>The bitmap, for a device context.</summary>
    public nint Bitmap => handle;

    public override bool IsInvalid => handle == 0;

    public Span<uint> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return new Span<uint>(bits, (int)Size.Area);
        }
    }

    protected override bool ReleaseHandle() => Gdi32.DeleteObject(handle) != 0;
}
