using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>
/// libxcb-shm: MIT-SHM of which several answers are waited for at a time, which Xlib's way is not made for. Not needed: most systems have it, and
/// without it rows are asked for one band after the other.
/// </summary>
internal static unsafe partial class LibXcbShm
{
    public const byte ZPixmap = 2;

    private const string File = "libxcb-shm.so.0", Bridge = "libX11-xcb.so.1";

    private static readonly bool IsHere = NativeLibrary.TryLoad(File, typeof(LibXcbShm).Assembly, null, out _)
        && NativeLibrary.TryLoad(Bridge, typeof(LibXcbShm).Assembly, null, out _);

    /// <summary>What is below Xlib's display; 0 without the libraries.</summary>
    public static nint ConnectionOf(nint display) => IsHere ? XGetXCBConnection(display) : 0;

    /// <summary>Puts the request behind those of Xlib that wait to be sent; returns what <see cref="xcb_shm_get_image_reply"/> is asked for.</summary>
    [LibraryImport(File)]
    public static partial uint xcb_shm_get_image(nint connection, uint drawable, short x, short y, ushort width, ushort height, uint planes, byte format, uint segment, uint offset);

    /// <summary>Sends what waits, and waits for one answer. Null with an error the server refused, without one it is gone. Both are the caller's to free.</summary>
    [LibraryImport(File)]
    public static partial void* xcb_shm_get_image_reply(nint connection, uint request, out void* error);

    [LibraryImport(Bridge)]
    private static partial nint XGetXCBConnection(nint display);
}
