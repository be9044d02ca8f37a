using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>dwmapi: whether a window is put away although it is visible by its style, on another virtual desktop for example.</summary>
internal static unsafe partial class Dwmapi
{
    private const uint CloakedAttribute = 14;

    public static bool IsCloaked(nint window)
    {
        uint cloaked = 0;
        return DwmGetWindowAttribute(window, CloakedAttribute, &cloaked, sizeof(uint)) == 0 && cloaked != 0;
    }

    [LibraryImport("dwmapi")] private static partial int DwmGetWindowAttribute(nint window, uint attribute, void* value, int size);
}
