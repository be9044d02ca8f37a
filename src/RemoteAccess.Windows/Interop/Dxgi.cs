using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>dxgi: adapters, outputs, Desktop Duplication. Numbers of methods as in dxgi.h, dxgi1_2.h; each answers an HRESULT.</summary>
internal static unsafe partial class Dxgi
{
    public const string File = "dxgi";

    public const int NotFound = unchecked((int)0x887A0002), WaitTimeout = unchecked((int)0x887A0027), AccessLost = unchecked((int)0x887A0026),
        NotCurrentlyAvailable = unchecked((int)0x887A0022), ModeChangeInProgress = unchecked((int)0x887A0025), SessionDisconnected = unchecked((int)0x887A0028),
        AccessDenied = unchecked((int)0x80070005);

    public static readonly Guid Factory1 = new("770aae78-f26f-4dba-a829-253c83d1b387");
    public static readonly Guid Output1 = new("00cddea8-939b-4b83-a340-a685226666cc");
    public static readonly Guid Texture2D = new("6f15aaf2-d208-4e89-9ab4-489535d34f9c");

    [LibraryImport(File)] public static partial int CreateDXGIFactory1(Guid* id, nint* factory);

    public static int EnumAdapters1(ComObject factory, uint index, out nint adapter) => Enumerate(factory, 12, index, out adapter);

    public static int EnumOutputs(ComObject adapter, uint index, out nint output) => Enumerate(adapter, 7, index, out output);

    public static int GetOutputDescription(ComObject output, OutputDescription* description) =>
        ((delegate* unmanaged<nint, OutputDescription*, int>)ComObject.Method(output.Pointer, 7))(output.Pointer, description);

    public static int DuplicateOutput(ComObject output, ComObject device, out nint duplication)
    {
        nint found = 0;
        int result = ((delegate* unmanaged<nint, nint, nint*, int>)ComObject.Method(output.Pointer, 22))(output.Pointer, device.Pointer, &found);
        duplication = found;
        return result;
    }

    public static void GetDescription(ComObject duplication, DuplicationDescription* description) =>
        ((delegate* unmanaged<nint, DuplicationDescription*, void>)ComObject.Method(duplication.Pointer, 7))(duplication.Pointer, description);

    public static int AcquireNextFrame(ComObject duplication, uint milliseconds, FrameInfo* info, out nint resource)
    {
        nint found = 0;
        int result = ((delegate* unmanaged<nint, uint, FrameInfo*, nint*, int>)ComObject.Method(duplication.Pointer, 8))(duplication.Pointer, milliseconds, info, &found);
        resource = found;
        return result;
    }

    public static int GetFrameDirtyRects(ComObject duplication, uint size, void* buffer, uint* needed) => Fill(duplication, 9, size, buffer, needed);

    public static int GetFrameMoveRects(ComObject duplication, uint size, void* buffer, uint* needed) => Fill(duplication, 10, size, buffer, needed);

    public static int GetFramePointerShape(ComObject duplication, uint size, void* buffer, uint* needed, PointerShapeInfo* info) =>
        ((delegate* unmanaged<nint, uint, void*, uint*, PointerShapeInfo*, int>)ComObject.Method(duplication.Pointer, 11))(duplication.Pointer, size, buffer, needed, info);

    public static int ReleaseFrame(ComObject duplication) => ((delegate* unmanaged<nint, int>)ComObject.Method(duplication.Pointer, 14))(duplication.Pointer);

    private static int Enumerate(ComObject owner, int method, uint index, out nint item)
    {
        nint found = 0;
        int result = ((delegate* unmanaged<nint, uint, nint*, int>)ComObject.Method(owner.Pointer, method))(owner.Pointer, index, &found);
        item = found;
        return result;
    }

    private static int Fill(ComObject duplication, int method, uint size, void* buffer, uint* needed) =>
        ((delegate* unmanaged<nint, uint, void*, uint*, int>)ComObject.Method(duplication.Pointer, method))(duplication.Pointer, size, buffer, needed);
}

/// <summary>DXGI_OUTPUT_DESC.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OutputDescription
{
    public fixed char Device[32];
    public Rectangle Desktop;
    public int IsAttached, Rotation;
    public nint Monitor;
}

/// <summary>DXGI_OUTDUPL_DESC.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DuplicationDescription
{
    public uint Width, Height, RefreshNumerator, RefreshDenominator, Format, ScanlineOrdering, Scaling;
    public int Rotation, IsInSystemMemory;
}

/// <summary>DXGI_OUTDUPL_FRAME_INFO.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameInfo
{
    public long LastPresentTime, LastMouseUpdateTime;
    public uint AccumulatedFrames;
    public int AreRectsCoalesced, IsProtectedContentMasked;
    public Point Pointer;
    public int IsPointerVisible;
    public uint MetadataSize, PointerShapeSize;
}

/// <summary>DXGI_OUTDUPL_MOVE_RECT.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MoveRectangle
{
    public Point Source;
    public Rectangle Destination;
}

/// <summary>DXGI_OUTDUPL_POINTER_SHAPE_INFO.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PointerShapeInfo
{
    public int Kind, Width, Height, Pitch;
    public Point HotSpot;
}
