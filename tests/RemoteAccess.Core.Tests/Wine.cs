using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>Whether this Windows is Wine, by the one export of ntdll that only Wine has.</summary>
internal static class Wine
{
    public static bool IsHere { get; } = OperatingSystem.IsWindows() &&
        NativeLibrary.TryLoad("ntdll.dll", typeof(Wine).Assembly, DllImportSearchPath.System32, out nint library) && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    /// <summary>Why tests with FsCheck do not run there.</summary>
    public const string NoFsCheck = "Wine: FsCheck asks for every culture there is, and .NET refuses one of those that ICU has.";

    /// <summary>A number of rounds, or the step from one to the next: there each takes many times as long, and what is tested is that the code does there what it does elsewhere.</summary>
    public static int Or(int usual, int there) => IsHere ? there : usual;

    /// <summary>For tests that look from outside, at the X server that Wine draws on.</summary>
    public static void Require() => Assert.SkipUnless(IsHere, "needs the X server below Wine, and this is Windows itself");

    /// <summary>For tests of what Wine does not do as Windows does.</summary>
    /// <param name="fault">What it does instead.</param>
    public static void Skip(string fault) => Assert.SkipWhen(IsHere, $"Wine: {fault}");
}
