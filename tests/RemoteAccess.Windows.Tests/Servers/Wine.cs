using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>Whether this Windows is Wine, by the one export of ntdll that only Wine has.</summary>
internal static class Wine
{
    public static bool IsHere { get; } =
        NativeLibrary.TryLoad("ntdll.dll", typeof(Wine).Assembly, DllImportSearchPath.System32, out nint library) && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    /// <summary>For tests that look from outside, at the X server that Wine draws on.</summary>
    public static void Require() => Assert.SkipUnless(IsHere, "needs the X server below Wine, and this is Windows itself");
}
