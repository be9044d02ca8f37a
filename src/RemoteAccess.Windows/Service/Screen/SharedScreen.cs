using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>
/// One whole picture in memory that service and session helper share, 32 bits a pixel, rows without slack. The service makes it and knows its size, so the helper can
/// spoil the pixels and nothing else. It has no name: the helper gets a handle. Not thread-safe.
/// </summary>
internal sealed unsafe class SharedScreen : IDisposable
{
    private readonly SafeFileHandle section;
    private void* address;

    private SharedScreen(SafeFileHandle section, PixelSize size)
    {
        this.section = section;
        Size = size;
        address = section.IsInvalid ? null : Kernel32Memory.MapViewOfFile(section, Kernel32Memory.MapRead | Kernel32Memory.MapWrite, 0, 0, (nuint)(size.Area * 4));
        if (address != null) return;
        Win32Exception failure = new(Marshal.GetLastPInvokeError());
        section.Dispose();
        throw new DesktopException(DesktopError.NoDisplay, $"There is no shared memory for a picture of {size}: {failure.Message}", failure);
    }

    public PixelSize Size { get; }

    public SafeFileHandle Handle => section;

    public Span<uint> Pixels => address != null ? new Span<uint>(address, (int)Size.Area) : throw new ObjectDisposedException(nameof(SharedScreen));

    /// <summary>In the service.</summary>
    /// <exception cref="DesktopException">There is no memory for it.</exception>
    public static SharedScreen Create(PixelSize size)
    {
        ulong bytes = (ulong)size.Area * 4;
        return new SharedScreen(Kernel32Memory.CreateFileMappingW(-1, 0, Kernel32Memory.ReadWrite, (uint)(bytes >> 32), (uint)bytes, 0), size);
    }

    /// <summary>In the helper.</summary>
    /// <param name="handle">Given by the service, and owned from now on.</param>
    /// <param name="size">Given by the service.</param>
    /// <exception cref="DesktopException">It cannot be mapped.</exception>
    public static SharedScreen Open(nint handle, PixelSize size) => new(new SafeFileHandle(handle, ownsHandle: true), size);

    public void Dispose()
    {
        if (address == null) return;
        _ = Kernel32Memory.UnmapViewOfFile(address);
        address = null;
        section.Dispose();
    }
}
