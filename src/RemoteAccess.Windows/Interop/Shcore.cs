using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>shcore: how dense a monitor is.</summary>
internal static partial class Shcore
{
    public const int Effective = 0;

    [LibraryImport("shcore")] public static partial int GetDpiForMonitor(nint monitor, int kind, out uint across, out uint down);
}
