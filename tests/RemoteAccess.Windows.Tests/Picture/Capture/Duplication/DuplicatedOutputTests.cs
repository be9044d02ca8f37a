using System.Runtime.InteropServices;
using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>The calls of Desktop Duplication against a stand-in of its object; device and textures are this machine's.</summary>
public sealed unsafe class DuplicatedOutputTests : IDisposable
{
    private const int Width = 64, Height = 32;

    private readonly ComObject? device;
    private readonly ComObject? context;
    private readonly ComObject? texture;

    public DuplicatedOutputTests()
    {
        const int Hardware = 1;
        nint made = 0, madeContext = 0;
        if (D3D11.D3D11CreateDevice(0, Hardware, 0, 0, null, 0, D3D11.SdkVersion, &made, null, &madeContext) < 0) return;
        (device, context) = (new ComObject(made), new ComObject(madeContext));
        TextureDescription description = new()
        {
            Width = Width, Height = Height, MipLevels = 1, ArraySize = 1, Format = D3D11.FormatBgra, SampleCount = 1, Usage = D3D11.UsageStaging, CpuAccess = D3D11.CpuRead | 0x10000,
        };
        Assert.True(D3D11.CreateTexture2D(device, &description, out nint drawn) >= 0);
        texture = new ComObject(drawn);
        FakeDuplication.Description = new DuplicationDescription { Width = Width, Height = Height, Rotation = 1 };
        FakeDuplication.Info = default;
    }

    [Fact]
    public void Acquire_OfTheFirstFrame_TakesTheWholePictureAndGivesTheFrameBack()
    {
        using DuplicatedOutput output = Open();
        Draw(new PixelRect(0, 0, Width, Height), 0x112233);
        FakeDuplication.Info = new FrameInfo { LastPresentTime = 1 };

        Assert.Equal(FrameArrival.Changed, output.Acquire(0));

        Assert.Equal([new PixelRect(0, 0, Width, Height)], output.Frame.Changed.Rectangles.ToArray());
        Assert.Equal(0, FakeDuplication.Held);
        Assert.All(Pixels(output), pixel => Assert.Equal(0x112233u, pixel));
    }

    [Fact]
    public void Acquire_OfMovesAndDirtyRectangles_TakesWhereTheyAreNowAndNothingElse()
    {
        using DuplicatedOutput output = Open();
        Draw(new PixelRect(0, 0, Width, Height), 0x445566);
        PixelRect moved = new(4, 5, 10, 6), dirty = new(40, 20, 3, 2);
        FakeDuplication.Changed(
            [new MoveRectangle { Source = new Point { X = 30, Y = 2 }, Destination = new Rectangle { Left = 4, Top = 5, Right = 14, Bottom = 11 } }],
            [new Rectangle { Left = 40, Top = 20, Right = 43, Bottom = 22 }]);

        Assert.Equal(FrameArrival.Changed, output.Acquire(0));

        Assert.Equal([moved, dirty], output.Frame.Changed.Rectangles.ToArray());
        Assert.Equal([new ScreenMove(moved, 26, -3)], output.Frame.Moved.Moves.ToArray());
        uint[] pixels = Pixels(output);
        for (int i = 0; i < pixels.Length; i++)
        {
            PixelRect pixel = new(i % Width, i / Width, 1, 1);
            bool isInside = !pixel.Intersect(moved).IsEmpty || !pixel.Intersect(dirty).IsEmpty;
            Assert.Equal(isInside ? 0x445566u : 0, pixels[i]);
        }
    }

    [Fact]
    public void Acquire_OfAPointerAlone_TakesItAndNoPicture()
    {
        using DuplicatedOutput output = Open();
        FakeDuplication.Info = new FrameInfo { Pointer = new Point { X = -3, Y = 7 } };
        byte[] pixels = new byte[32 * 32 * 4];
        pixels.AsSpan().Fill(0xff);
        FakeDuplication.Points(pixels, new PointerShapeInfo { Kind = PointerPicture.Colour, Width = 32, Height = 32, Pitch = 128, HotSpot = new Point { X = 2, Y = 9 } });

        Assert.Equal(FrameArrival.Changed, output.Acquire(0));

        Assert.True(output.Frame.Changed.IsEmpty);
        Assert.True(output.Frame is { HasPointer: true, IsPointerVisible: true, HasShape: true, PointerX: -3, PointerY: 7 });
        Assert.Equal((new PixelSize(32, 32), 2, 9), (output.Frame.Shape!.Size, output.Frame.Shape.HotX, output.Frame.Shape.HotY));
        Assert.Equal(0, FakeDuplication.Held);
    }

    [Fact]
    public void Acquire_TellsTimeFromLoss()
    {
        using DuplicatedOutput output = Open();
        FakeDuplication.Answer = Dxgi.WaitTimeout;
        Assert.Equal(FrameArrival.Nothing, output.Acquire(0));
        FakeDuplication.Answer = Dxgi.AccessLost;
        Assert.Equal(FrameArrival.Lost, output.Acquire(0));
    }

    /// <summary>What changed is not known then: the picture must be taken anew, and the frame is given back all the same.</summary>
    [Fact]
    public void Acquire_OfWhoseListsTheSystemSaysNothing_IsLoss()
    {
        using DuplicatedOutput output = Open();
        FakeDuplication.Changed([], [new Rectangle { Left = 40, Top = 20, Right = 43, Bottom = 22 }]);
        FakeDuplication.Refusal = Dxgi.AccessLost;

        Assert.Equal(FrameArrival.Lost, output.Acquire(0));
        Assert.Equal(0, FakeDuplication.Held);
    }

    [Fact]
    public void Acquire_OfLongListsAndALargePointer_TakesAllOfThem()
    {
        using DuplicatedOutput output = Open();
        Draw(new PixelRect(0, 0, Width, Height), 0x778899);
        FakeDuplication.Changed([], [.. Enumerable.Range(0, Width * Height / 4).Select(static i => new Rectangle { Left = i % 32 * 2, Top = i / 32 * 2, Right = (i % 32 * 2) + 2, Bottom = (i / 32 * 2) + 2 })]);
        byte[] pointer = new byte[96 * 96 * 4];
        pointer.AsSpan().Fill(0xff);
        FakeDuplication.Points(pointer, new PointerShapeInfo { Kind = PointerPicture.Colour, Width = 96, Height = 96, Pitch = 384 });

        Assert.Equal(FrameArrival.Changed, output.Acquire(0));

        Assert.All(Pixels(output), static pixel => Assert.Equal(0x778899u, pixel));
        Assert.Equal(new PixelSize(96, 96), output.Frame.Shape!.Size);

        // A texture that is still mapped takes no more.
        Draw(new PixelRect(0, 0, Width, Height), 0xaabbcc);
        Assert.Equal(FrameArrival.Changed, output.Acquire(0));
        Assert.All(Pixels(output), static pixel => Assert.Equal(0xaabbccu, pixel));
    }

    [Theory]
    [InlineData(4, 32, 64, 4)]
    [InlineData(2, 32, 64, 2)]
    [InlineData(3, 64, 32, 3)]
    [InlineData(0, 64, 32, 1)]
    public void Create_OfATurnedOutput_KnowsHow(int rotation, int width, int height, int expected)
    {
        FakeDuplication.Description = FakeDuplication.Description with { Rotation = rotation };
        using DuplicatedOutput output = Open(new PixelRect(5, 6, width, height));
        Assert.Equal(new OutputPlace(new PixelRect(5, 6, width, height), (OutputRotation)expected), output.Place);
    }

    [Fact]
    public void Create_OfAnotherSizeThanItsPlace_IsRefusedAndLetGo()
    {
        Assert.SkipWhen(device is null, "Direct3D 11 gives no device here");
        ComObject duplication = FakeDuplication.Make(texture!.Pointer);
        Assert.Null(DuplicatedOutput.TryCreate(duplication, device, Second(context!), new PixelRect(0, 0, 60, 32)));
        Assert.Equal(0, FakeDuplication.References);
    }

    [Fact]
    public void Dispose_LetsTheDuplicationGo()
    {
        Open().Dispose();
        Assert.Equal(0, FakeDuplication.References);
    }

    public void Dispose()
    {
        texture?.Dispose();
        context?.Dispose();
        device?.Dispose();
    }

    /// <summary>A reference of the output's own.</summary>
    private static ComObject Second(ComObject item)
    {
        _ = ((delegate* unmanaged<nint, uint>)ComObject.Method(item.Pointer, 1))(item.Pointer);
        return new ComObject(item.Pointer);
    }

    private static uint[] Pixels(DuplicatedOutput output)
    {
        Assert.True(output.TryMap(out PixelView view));
        uint[] pixels = new uint[Width * Height];
        for (int y = 0; y < Height; y++) view.Row(y).CopyTo(pixels.AsSpan(y * Width));
        output.Unmap();
        return pixels;
    }

    private DuplicatedOutput Open(PixelRect? area = null)
    {
        Assert.SkipWhen(device is null, "Direct3D 11 gives no device here");
        return DuplicatedOutput.TryCreate(FakeDuplication.Make(texture!.Pointer), device, Second(context!), area ?? new PixelRect(0, 0, Width, Height))!;
    }

    private void Draw(PixelRect area, uint colour)
    {
        MappedTexture mapped;
        Assert.True(D3D11.Map(context!, texture!, &mapped) >= 0);
        for (int y = area.Y; y < area.Bottom; y++) MemoryMarshal.Cast<byte, uint>(new Span<byte>((byte*)mapped.Data + (y * mapped.RowPitch), Width * 4)).Slice(area.X, area.Width).Fill(colour);
        D3D11.Unmap(context!, texture!);
    }
}
