using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>kernel32.</summary>
internal static partial class Kernel32
{
    public const string File = "kernel32";

    [LibraryImport(File)] public static partial uint GetCurrentThreadId();
}
