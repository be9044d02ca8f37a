using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>d3d11: a device, and a texture the processor can read. Numbers of methods as in d3d11.h.</summary>
internal static unsafe partial class D3D11
{
    public const string File = "d3d11";

    public const uint SdkVersion = 7, FormatBgra = 87, UsageStaging = 3, CpuRead = 0x20000, MapRead = 1;

    [LibraryImport(File)]
    public static partial int D3D11CreateDevice(nint adapter, int driver, nint software, uint flags, int* levels, uint levelCount, uint version, nint* device, int* level, nint* context);

    public static int CreateTexture2D(ComObject device, TextureDescription* description, out nint texture)
    {
        nint made = 0;
        int result = ((delegate* unmanaged<nint, TextureDescription*, void*, nint*, int>)ComObject.Method(device.Pointer, 5))(device.Pointer, description, null, &made);
        texture = made;
        return result;
    }

    public static int Map(ComObject context, ComObject texture, MappedTexture* mapped) =>
        ((delegate* unmanaged<nint, nint, uint, uint, uint, MappedTexture*, int>)ComObject.Method(context.Pointer, 14))(context.Pointer, texture.Pointer, 0, MapRead, 0, mapped);

    public static void Unmap(ComObject context, ComObject texture) =>
        ((delegate* unmanaged<nint, nint, uint, void>)ComObject.Method(context.Pointer, 15))(context.Pointer, texture.Pointer, 0);

    /// <summary>To the same place in the other texture.</summary>
    public static void Copy(ComObject context, ComObject target, ComObject source, PixelRect area)
    {
        TextureBox box = new() { Left = (uint)area.X, Top = (uint)area.Y, Right = (uint)area.Right, Bottom = (uint)area.Bottom, Back = 1 };
        ((delegate* unmanaged<nint, nint, uint, uint, uint, uint, nint, uint, TextureBox*, void>)ComObject.Method(context.Pointer, 46))(
            context.Pointer, target.Pointer, 0, box.Left, box.Top, 0, source.Pointer, 0, &box);
    }
}

/// <summary>D3D11_TEXTURE2D_DESC.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TextureDescription
{
    public uint Width, Height, MipLevels, ArraySize, Format, SampleCount, SampleQuality, Usage, BindFlags, CpuAccess, Misc;
}

/// <summary>D3D11_BOX.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TextureBox
{
    public uint Left, Top, Front, Right, Bottom, Back;
}

/// <summary>D3D11_MAPPED_SUBRESOURCE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MappedTexture
{
    public void* Data;
    public uint RowPitch, DepthPitch;
}
