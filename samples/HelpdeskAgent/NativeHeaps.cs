using System.Runtime.InteropServices;

namespace HelpdeskAgent;

/// <summary>
/// Makes glibc give back what is freed. Left alone it raises its threshold after the first large block and keeps them from then on, and
/// gives every thread a heap of its own; in an agent that is 5 MB for nothing. To be called first. Nothing happens on other systems.
/// </summary>
internal static partial class NativeHeaps
{
    // glibc's malloc.h.
    private const int TrimThreshold = -1, MmapThreshold = -3, ArenaMax = -8;
    private const int LargeBlock = 128 * 1024;

    public static void Limit()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library)) return;
        if (NativeLibrary.TryGetExport(library, "mallopt", out _))
        {
            _ = mallopt(TrimThreshold, LargeBlock);
            _ = mallopt(MmapThreshold, LargeBlock);
            _ = mallopt(ArenaMax, 1);
        }

        NativeLibrary.Free(library);
    }

    [LibraryImport("libc.so.6")] private static partial int mallopt(int parameter, int value);
}
