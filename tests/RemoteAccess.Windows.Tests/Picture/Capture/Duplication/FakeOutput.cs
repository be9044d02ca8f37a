using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Pixels that stay where they are.</summary>
internal sealed class FakePicture(PixelSize size) : IDisposable
{
    private GCHandle pin;

    public uint[] Pixels { get; } = new uint[size.Area];

    public unsafe PixelView View
    {
        get
        {
            if (!pin.IsAllocated) pin = GCHandle.Alloc(Pixels, GCHandleType.Pinned);
            return new PixelView((void*)pin.AddrOfPinnedObject(), size.Width * 4, size);
        }
    }

    public void Dispose()
    {
        if (pin.IsAllocated) pin.Free();
    }
}

/// <summary>An output whose frames are what the test says.</summary>
internal sealed class FakeOutput(OutputPlace place) : IOutputDuplication
{
    private readonly Queue<Func<OutputFrame, FrameArrival>> coming = new();
    private readonly FakePicture picture = new(place.Texture);

    public OutputPlace Place => place;

    public OutputFrame Frame { get; } = new();

    public bool IsDisposed { get; private set; }

    public bool IsMapped { get; private set; }

    /// <summary>Its device is gone.</summary>
    public bool IsGone { get; set; }

    /// <summary>The texture, as the system would have drawn on it.</summary>
    public uint[] Pixels => picture.Pixels;

    public void Comes(Action<OutputFrame> frame) => coming.Enqueue(into =>
    {
        frame(into);
        return FrameArrival.Changed;
    });

    public void IsLost() => coming.Enqueue(_ => FrameArrival.Lost);

    /// <summary>A rectangle of the texture in a colour, and told as dirty.</summary>
    public void Draws(PixelRect area, uint colour) => Comes(frame =>
    {
        for (int y = area.Y; y < area.Bottom; y++) Pixels.AsSpan((y * place.Texture.Width) + area.X, area.Width).Fill(colour);
        frame.Changed.Add(area, new PixelRect(0, 0, place.Texture.Width, place.Texture.Height));
    });

    /// <summary>A rectangle of the texture that was elsewhere on it, and is told as moved.</summary>
    public void Moves(PixelRect area, int dx, int dy) => Comes(frame =>
    {
        uint[] before = [.. Pixels];
        for (int y = area.Y; y < area.Bottom; y++) before.AsSpan(((y + dy) * place.Texture.Width) + area.X + dx, area.Width).CopyTo(Pixels.AsSpan((y * place.Texture.Width) + area.X));
        frame.Changed.Add(area, new PixelRect(0, 0, place.Texture.Width, place.Texture.Height));
        frame.Moved.Add(new ScreenMove(area, dx, dy));
    });

    public FrameArrival Acquire(int milliseconds)
    {
        Assert.False(IsMapped);
        if (!coming.TryDequeue(out Func<OutputFrame, FrameArrival>? next)) return FrameArrival.Nothing;
        Frame.Changed.Clear();
        Frame.Moved.Clear();
        (Frame.HasPointer, Frame.HasShape) = (false, false);
        return next(Frame);
    }

    public bool TryMap(out PixelView view)
    {
        view = IsGone ? default : picture.View;
        return IsMapped = !IsGone;
    }

    public void Unmap() => IsMapped = false;

    public void Dispose()
    {
        IsDisposed = true;
        picture.Dispose();
    }
}
