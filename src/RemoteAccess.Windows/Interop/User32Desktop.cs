using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: where a window may stand, what the person has set, and where this process has its windows.</summary>
internal static unsafe partial class User32Desktop
{
    public const string File = "user32";
    public const uint Nearest = 2, GetHighContrast = 0x42, ReadObjects = 1;
    public const int FlagsOfObject = 1;

    [LibraryImport(File)] public static partial nint MonitorFromPoint(Point point, uint otherwise);
    [LibraryImport(File)] public static partial nint MonitorFromWindow(nint window, uint otherwise);
    [LibraryImport(File, EntryPoint = "SystemParametersInfoW")] public static partial int SystemParametersInfo(uint action, uint parameter, void* value, uint writes);
    [LibraryImport(File)] public static partial nint GetProcessWindowStation();
}
