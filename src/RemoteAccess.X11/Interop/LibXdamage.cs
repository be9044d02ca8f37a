using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXdamage: what has been drawn to.</summary>
internal static partial class LibXdamage
{
    public const string File = "libXdamage.so.1";
    public const int ReportNonEmpty = 3;

    [LibraryImport(File)] public static partial int XDamageQueryExtension(nint display, out int firstEvent, out int firstError);
    [LibraryImport(File)] public static partial int XDamageQueryVersion(nint display, out int major, out int minor);
    [LibraryImport(File)] public static partial nuint XDamageCreate(nint display, nuint drawable, int level);
    [LibraryImport(File)] public static partial void XDamageSubtract(nint display, nuint damage, nuint repair, nuint parts);
}
