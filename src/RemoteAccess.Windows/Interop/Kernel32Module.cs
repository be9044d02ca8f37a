using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>kernel32: who and what this program is.</summary>
internal static partial class Kernel32Module
{
    /// <param name="name">0: the program.</param>
    [LibraryImport("kernel32")] public static partial nint GetModuleHandleW(nint name);
}
