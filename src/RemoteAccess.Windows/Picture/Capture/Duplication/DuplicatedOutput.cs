using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// Desktop Duplication of one output. What changed is copied at once into a texture that the processor can read, and the frame given back, so
/// that the system does not wait for whoever reads it.
/// </summary>
internal sealed unsafe class DuplicatedOutput : IOutputDuplication
{
    private readonly ComObject duplication;
    private readonly ComObject context;
    private readonly ComObject staging;
    private readonly PixelSize size;
    private byte[] buffer = new byte[4096];

    private DuplicatedOutput(ComObject duplication, ComObject context, ComObject staging, OutputPlace place)
    {
        this.duplication = duplication;
        this.context = context;
        this.staging = staging;
        size = place.Texture;
        Place = place;
    }

    public OutputPlace Place { get; }

    public OutputFrame Frame { get; } = new();

    /// <summary>Owns the three from now on.</summary>
    /// <returns>Null when the picture's size is not the place's, or there is no memory.</returns>
    public static DuplicatedOutput? TryCreate(ComObject duplication, ComObject device, ComObject context, PixelRect area)
    {
        DuplicationDescription description;
        Dxgi.GetDescription(duplication, &description);
        OutputPlace place = new(area, description.Rotation is >= 2 and <= 4 ? (OutputRotation)description.Rotation : OutputRotation.None);
        TextureDescription texture = new()
        {
            Width = description.Width, Height = description.Height, MipLevels = 1, ArraySize = 1, Format = D3D11.FormatBgra, SampleCount = 1, Usage = D3D11.UsageStaging, CpuAccess = D3D11.CpuRead,
        };
        bool fits = place.Texture == new PixelSize((int)description.Width, (int)description.Height);
        if (fits && D3D11.CreateTexture2D(device, &texture, out nint staging) >= 0) return new DuplicatedOutput(duplication, context, new ComObject(staging), place);
        duplication.Dispose();
        context.Dispose();
        return null;
    }

    public FrameArrival Acquire(int milliseconds)
    {
        FrameInfo info;
        int result = Dxgi.AcquireNextFrame(duplication, (uint)milliseconds, &info, out nint resource);
        if (result == Dxgi.WaitTimeout) return FrameArrival.Nothing;
        if (result < 0) return FrameArrival.Lost;
        bool isTaken = TryTake(info, resource);
        return Dxgi.ReleaseFrame(duplication) >= 0 && isTaken ? FrameArrival.Changed : FrameArrival.Lost;
    }

    public bool TryMap(out PixelView view)
    {
        MappedTexture mapped;
        bool isMapped = D3D11.Map(context, staging, &mapped) >= 0;
        view = isMapped ? new PixelView(mapped.Data, (int)mapped.RowPitch, size) : default;
        return isMapped;
    }

    public void Unmap() => D3D11.Unmap(context, staging);

    public void Dispose()
    {
        staging.Dispose();
        duplication.Dispose();
        context.Dispose();
    }

    private bool TryTake(FrameInfo info, nint resource)
    {
        using ComObject? held = resource == 0 ? null : new ComObject(resource);
        Frame.Changed.Clear();
        Frame.Moved.Clear();
        if (info.LastPresentTime != 0 && !(held is not null && TryTakePicture(held, info.MetadataSize))) return false;
        Frame.HasPointer = info.LastMouseUpdateTime != 0;
        Frame.IsPointerVisible = info.IsPointerVisible != 0;
        (Frame.PointerX, Frame.PointerY) = (info.Pointer.X, info.Pointer.Y);
        Frame.HasShape = info.PointerShapeSize != 0;
        return !Frame.HasShape || TryTakeShape(info.PointerShapeSize);
    }

    private bool TryTakePicture(ComObject resource, uint metadataSize)
    {
        using ComObject? texture = resource.As(Dxgi.Texture2D);
        if (texture is null || !TryReadChanges(metadataSize)) return false;
        foreach (PixelRect area in Frame.Changed.Rectangles) D3D11.Copy(context, staging, texture, area);
        return true;
    }

    private bool TryReadChanges(uint metadataSize)
    {
        PixelRect whole = new(0, 0, size.Width, size.Height);
        if (metadataSize == 0)
        {
            // The first frame has no list.
            Frame.Changed.Add(whole, whole);
            return true;
        }
        Fit(metadataSize);
        uint length;
        fixed (byte* bytes = buffer)
        {
            if (Dxgi.GetFrameMoveRects(duplication, (uint)buffer.Length, bytes, &length) < 0) return false;
            foreach (MoveRectangle moved in MemoryMarshal.Cast<byte, MoveRectangle>(buffer.AsSpan(0, (int)length)))
            {
                PixelRect area = moved.Destination.ToPixels();
                Frame.Changed.Add(area, whole);
                Frame.Moved.Add(new ScreenMove(area, moved.Source.X - area.X, moved.Source.Y - area.Y));
            }
            if (Dxgi.GetFrameDirtyRects(duplication, (uint)buffer.Length, bytes, &length) < 0) return false;
            foreach (Rectangle dirty in MemoryMarshal.Cast<byte, Rectangle>(buffer.AsSpan(0, (int)length))) Frame.Changed.Add(dirty.ToPixels(), whole);
        }
        return true;
    }

    private bool TryTakeShape(uint shapeSize)
    {
        Fit(shapeSize);
        uint length;
        PointerShapeInfo info;
        fixed (byte* bytes = buffer)
        {
            if (Dxgi.GetFramePointerShape(duplication, (uint)buffer.Length, bytes, &length, &info) < 0) return false;
        }
        Frame.Shape = PointerPicture.Decode(info, buffer.AsSpan(0, (int)length));
        return true;
    }

    private void Fit(uint length)
    {
        if (buffer.Length < length) buffer = new byte[Math.Max(length, (uint)buffer.Length * 2)];
    }
}
