using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// MIT-SHM: the server writes rows straight into place. The segment is removed by name as soon as both sides have it, so that the
/// system frees it when the last of them ends, however that happens.
/// </summary>
internal sealed unsafe class SharedPixels : PixelMemory
{
    /// <summary>
    /// Bytes read at a time, a 1080p desktop at once: each request costs two changes between processes, which is more than what clearing the
    /// unused byte saves while the rows are still in a near cache.
    /// </summary>
    private const int ChunkBytes = 8 * 1024 * 1024;

    private readonly ShmSegmentInfo* info;
    private XImage* image;

    private SharedPixels(PixelSize size, ShmSegmentInfo* info) : base(size)
    {
        this.info = info;
        SetHandle((nint)info->Address);
    }

    /// <summary>Null when the server does not share memory with this process (another machine, another user, no memory left).</summary>
    public static SharedPixels? TryCreate(XConnection connection, PixelSize size)
    {
        if (LibXext.XShmQueryExtension(connection.Display) == 0) return null;
        int id = LibC.shmget(0, (nuint)(size.Area * 4), LibC.IpcCreate | LibC.OwnerOnly);
        if (id < 0) return null;
        nint address = LibC.shmat(id, 0, 0);
        if (address == -1)
        {
            _ = LibC.shmctl(id, LibC.IpcRemove, 0);
            return null;
        }
        ShmSegmentInfo* info = (ShmSegmentInfo*)NativeMemory.AllocZeroed((nuint)sizeof(ShmSegmentInfo));
        info->Id = id;
        info->Address = (byte*)address;
        SharedPixels pixels = new(size, info);
        try
        {
            _ = connection.Sync();
            _ = LibXext.XShmAttach(connection.Display, info);
            bool attached = connection.Sync() == 0;
            _ = LibC.shmctl(id, LibC.IpcRemove, 0);
            id = -1;
            if (attached && pixels.IsReallyShared(connection)) return pixels;
            if (attached) pixels.Detach(connection);
        }
        catch (DesktopException)
        {
            if (id >= 0) _ = LibC.shmctl(id, LibC.IpcRemove, 0);
            pixels.Dispose();
            throw;
        }
        pixels.Dispose();
        return null;
    }

    public override bool Fetch(XConnection connection, int y, int rows)
    {
        int chunk = Math.Max(1, ChunkBytes / Stride);
        for (int end = y + rows; y < end; y += chunk)
        {
            int height = Math.Min(chunk, end - y);
            image->Height = height;
            image->Data = Address + ((nint)y * Stride);
            int done = LibXext.XShmGetImage(connection.Display, connection.Root, image, 0, y, LibX11.AllPlanes);
            connection.ThrowIfLost();
            if (done == 0 | connection.TakeError() != 0) return false;
            UnusedByte.Clear(Rows(y, height));
        }
        return true;
    }

    public override void Detach(XConnection connection)
    {
        if (!connection.IsLost) _ = LibXext.XShmDetach(connection.Display, info);
        if (image == null) return;
        image->Data = null;
        _ = LibX11.XDestroyImage(image);
        image = null;
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free(info);
        return LibC.shmdt(handle) == 0;
    }

    /// <summary>
    /// Through a forwarded connection (ssh -X) another machine's segment may have the same number and be attached without an error:
    /// then a row that was read does not show up here.
    /// </summary>
    private bool IsReallyShared(XConnection connection)
    {
        Visual* visual = LibX11.XDefaultVisual(connection.Display, connection.Screen);
        uint depth = (uint)LibX11.XDefaultDepth(connection.Display, connection.Screen);
        image = LibXext.XShmCreateImage(connection.Display, visual, depth, LibX11.ZPixmap, Address, info, (uint)Size.Width, (uint)Size.Height);
        if (image == null || image->BytesPerLine != Stride) return false;
        Span<uint> row = Rows(0, 1);
        foreach (uint sentinel in (ReadOnlySpan<uint>)[0x5aa5a55a, 0xa55a5aa5])
        {
            row.Fill(sentinel);
            // The sentinel's unused byte is cleared by a fetch whether the server wrote or not; so compare the colours.
            if (!Fetch(connection, 0, 1)) return false;
            if (row.ContainsAnyExcept(sentinel & 0xffffff)) return true;
        }
        return false;
    }
}
