using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>
/// A COM object with the methods of IDXGIOutputDuplication that are called, numbered as in dxgi1_2.h: what Windows would answer, where there is no
/// Windows. One at a time; the frame's texture is a real one.
/// </summary>
internal static unsafe class FakeDuplication
{
    private const int Methods = 15, InvalidCall = unchecked((int)0x887A0001);

    private static nint texture;
    private static byte[] metadata = [];
    private static int moveBytes;
    private static byte[] shape = [];
    private static PointerShapeInfo shapeInfo;

    public static DuplicationDescription Description { get; set; }

    /// <summary>What AcquireNextFrame says beside the metadata.</summary>
    public static FrameInfo Info { get; set; }

    /// <summary>The HRESULT of AcquireNextFrame.</summary>
    public static int Answer { get; set; }

    /// <summary>The HRESULT of the calls for lists and pictures, where it is not 0.</summary>
    public static int Refusal { get; set; }

    /// <summary>Frames that were acquired and not given back.</summary>
    public static int Held { get; private set; }

    public static int References { get; private set; }

    public static ComObject Make(nint frameTexture)
    {
        (texture, Held, References, Answer, Refusal, metadata, shape) = (frameTexture, 0, 1, 0, 0, [], []);
        void** item = (void**)NativeMemory.AllocZeroed((Methods + 1) * (nuint)sizeof(void*));
        void** table = item + 1;
        item[0] = table;
        table[2] = (delegate* unmanaged<nint, uint>)&Release;
        table[7] = (delegate* unmanaged<nint, DuplicationDescription*, void>)&GetDescription;
        table[8] = (delegate* unmanaged<nint, uint, FrameInfo*, nint*, int>)&Acquire;
        table[9] = (delegate* unmanaged<nint, uint, void*, uint*, int>)&GetDirty;
        table[10] = (delegate* unmanaged<nint, uint, void*, uint*, int>)&GetMoves;
        table[11] = (delegate* unmanaged<nint, uint, void*, uint*, PointerShapeInfo*, int>)&GetShape;
        table[14] = (delegate* unmanaged<nint, int>)&ReleaseFrame;
        return new ComObject((nint)item);
    }

    public static void Changed(MoveRectangle[] moves, Rectangle[] dirty)
    {
        ReadOnlySpan<byte> first = MemoryMarshal.AsBytes(moves.AsSpan());
        moveBytes = first.Length;
        metadata = [.. first, .. MemoryMarshal.AsBytes(dirty.AsSpan())];
        Info = Info with { LastPresentTime = 1, MetadataSize = (uint)metadata.Length };
    }

    public static void Points(byte[] pixels, PointerShapeInfo info)
    {
        (shape, shapeInfo) = (pixels, info);
        Info = Info with { LastMouseUpdateTime = 1, IsPointerVisible = 1, PointerShapeSize = (uint)pixels.Length };
    }

    [UnmanagedCallersOnly]
    private static uint Release(nint self) => (uint)--References;

    [UnmanagedCallersOnly]
    private static void GetDescription(nint self, DuplicationDescription* into) => *into = Description;

    [UnmanagedCallersOnly]
    private static int Acquire(nint self, uint milliseconds, FrameInfo* info, nint* resource)
    {
        if (Answer < 0) return Answer;
        if (Held > 0) return InvalidCall;
        Held++;
        *info = Info;
        // The caller gets a reference of its own.
        _ = ((delegate* unmanaged<nint, uint>)ComObject.Method(texture, 1))(texture);
        *resource = texture;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetMoves(nint self, uint size, void* into, uint* needed) => Fill(metadata.AsSpan(0, moveBytes), size, into, needed);

    [UnmanagedCallersOnly]
    private static int GetDirty(nint self, uint size, void* into, uint* needed) => Fill(metadata.AsSpan(moveBytes), size, into, needed);

    [UnmanagedCallersOnly]
    private static int GetShape(nint self, uint size, void* into, uint* needed, PointerShapeInfo* info)
    {
        *info = shapeInfo;
        return Fill(shape, size, into, needed);
    }

    [UnmanagedCallersOnly]
    private static int ReleaseFrame(nint self)
    {
        if (Held == 0) return InvalidCall;
        Held--;
        return 0;
    }

    private static int Fill(ReadOnlySpan<byte> bytes, uint size, void* into, uint* needed)
    {
        if (Refusal < 0) return Refusal;
        *needed = (uint)bytes.Length;
        if (size < bytes.Length) return unchecked((int)0x887A0003);
        bytes.CopyTo(new Span<byte>(into, (int)size));
        return 0;
    }
}
