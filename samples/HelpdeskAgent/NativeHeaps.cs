using System.Runtime.InteropServices;

namespace HelpdeskAgent;

/// <summary>
/// glibc gives every thread a heap of its own, none of which shrinks; an agent has some twenty threads and a few megabytes for all of
/// them. To be called before there are threads. Nothing happens on other systems.
/// </summary>
internal static partial class NativeHeaps
{
    /// <summary>M_ARENA_MAX of glibc's malloc.h.</summary>
    private const int ArenaMax = -8;

    public static void Limit()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library)) return;
        if (NativeLibrary.TryGetExport(library, "mallopt", out _)) _ = mallopt(ArenaMax, 1);
        NativeLibrary.Free(library);
    }

    [LibraryImport("libc.so.6")] private static partial int mallopt(int parameter, int value);
}
