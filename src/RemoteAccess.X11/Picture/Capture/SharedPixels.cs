using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// MIT-SHM: the server writes rows straight into place. The segment is removed by name as soon as both sides have it, so that the
/// system frees it when the last of them ends, however that happens.
/// </summary>
internal sealed unsafe class SharedPixels : PixelMemory
{
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
        // All at once here instead of page by page while frames are read; a kernel that cannot (before 5.14) does it so.
        _ = LibC.madvise(address, (nuint)(size.Area * 4), LibC.AdvicePopulateWrite);
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

    /// <remarks>A band in one request: in smaller ones, the round trips cost more than finding the rows in the cache saves (measured 0.6 against 1.3 ms for 1080p).</remarks>
    public override bool Fetch(XConnection connection, ReadOnlySpan<RowBand> bands)
    {
        nint queue = bands.Length > 1 ? LibXcbShm.ConnectionOf(connection.Display) : 0;
        if (queue != 0) return FetchTogether(connection, queue, bands);
        foreach (RowBand band in bands)
        {
            image->Height = band.Count;
            image->Data = Address + ((nint)band.Y * Stride);
            int done = LibXext.XShmGetImage(connection.Display, connection.Root, image, 0, band.Y, LibX11.AllPlanes);
            connection.ThrowIfLost();
            if (done == 0 | connection.TakeError() != 0) return false;
            UnusedByte.Clear(Rows(band));
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

    /// <summary>Asks for all bands before it waits for the first: one conversation with the server, however many there are.</summary>
    private bool FetchTogether(XConnection connection, nint queue, ReadOnlySpan<RowBand> bands)
    {
        Span<uint> requests = stackalloc uint[bands.Length];
        for (int i = 0; i < bands.Length; i++)
        {
            requests[i] = LibXcbShm.xcb_shm_get_image(queue, (uint)connection.Root, 0, (short)bands[i].Y, (ushort)Size.Width, (ushort)bands[i].Count,
                uint.MaxValue, LibXcbShm.ZPixmap, (uint)info->Segment, (uint)(bands[i].Y * Stride));
        }
        bool all = true;
        for (int i = 0; i < bands.Length; i++)
        {
            void* answer = LibXcbShm.xcb_shm_get_image_reply(queue, requests[i], out void* error);
            if (answer == null && error == null) _ = connection.Sync();
            all &= answer != null;
            LibC.free(answer);
            LibC.free(error);
            if (all) UnusedByte.Clear(Rows(bands[i]));
        }
        return all;
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
        RowBand first = new(0, 1);
        Span<uint> row = Rows(first);
        foreach (uint sentinel in (ReadOnlySpan<uint>)[0x5aa5a55a, 0xa55a5aa5])
        {
            row.Fill(sentinel);
            // The sentinel's unused byte is cleared by a fetch whether the server wrote or not; so compare the colours.
            if (!Fetch(connection, [first])) return false;
            if (row.ContainsAnyExcept(sentinel & 0xffffff)) return true;
        }
        return false;
    }
}
