using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: monitors, what the person has set, and the desktops of a session.</summary>
internal static unsafe partial class User32Desktop
{
    public const string File = "user32.dll";
    public const uint Nearest = 2, GetHighContrast = 0x42, ReadObjects = 1;
    public const int FlagsOfObject = 1, NameOfObject = 2;
    /// <summary>DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2.</summary>
    public const nint PerMonitor = -4;

    [LibraryImport(File)] public static partial nint MonitorFromPoint(WindowPoint point, uint otherwise);
    [LibraryImport(File, EntryPoint = "GetMonitorInfoW")] public static partial int GetMonitorInfo(nint monitor, MonitorPlace* place);
    [LibraryImport(File, EntryPoint = "SystemParametersInfoW")] public static partial int SystemParametersInfo(uint action, uint parameter, void* value, uint writes);
    [LibraryImport(File)] public static partial nint SetThreadDpiAwarenessContext(nint context);
    [LibraryImport(File)] public static partial nint GetProcessWindowStation();
    [LibraryImport(File)] public static partial nint GetThreadDesktop(uint thread);
    [LibraryImport(File)] public static partial nint OpenInputDesktop(uint flags, int inherits, uint access);
    [LibraryImport(File)] public static partial int CloseDesktop(nint desktop);
    [LibraryImport(File, EntryPoint = "GetUserObjectInformationW")] public static partial int GetUserObjectInformation(nint handle, int what, void* value, int size, out int needed);
}
