using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>Rows by XGetImage: for a display that shares no memory with this process. Ten to twenty times slower than <see cref="SharedPixels"/>.</summary>
internal sealed unsafe class SocketPixels : PixelMemory
{
    public SocketPixels(PixelSize size) : base(size) => SetHandle((nint)NativeMemory.AllocZeroed((nuint)ByteCount));

    public override bool Fetch(XConnection connection, ReadOnlySpan<RowBand> bands)
    {
        foreach (RowBand band in bands)
        {
            if (!Fetch(connection, band)) return false;
        }
        return true;
    }

    public override void Detach(XConnection connection)
    {
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }

    private bool Fetch(XConnection connection, RowBand band)
    {
        XImage* image = LibX11.XGetImage(connection.Display, connection.Root, 0, band.Y, (uint)Size.Width, (uint)band.Count, LibX11.AllPlanes, LibX11.ZPixmap);
        bool refused = connection.TakeError() != 0 || image == null || image->BytesPerLine != Stride;
        if (!refused)
        {
            Span<uint> target = Rows(band);
            new ReadOnlySpan<uint>(image->Data, target.Length).CopyTo(target);
            UnusedByte.Clear(target);
        }
        if (image != null) _ = LibX11.XDestroyImage(image);
        connection.ThrowIfLost();
        return !refused;
    }
}
