using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>The system libraries this package calls, and the Debian packages that have them.</summary>
internal static class NativeLibraries
{
    private static readonly (string Library, string Package)[] Needed =
    [
        (LibX11.File, "libx11-6"), (LibXext.File, "libxext6"), (LibXtst.File, "libxtst6"), (LibXdamage.File, "libxdamage1"),
        (LibXfixes.File, "libxfixes3"), (LibXrandr.File, "libxrandr2"), (LibXi.File, "libxi6"),
    ];

    /// <summary>Loads all of them, so that a missing one is told before anything begins.</summary>
    /// <exception cref="DesktopException"><see cref="DesktopError.MissingLibrary"/>.</exception>
    public static void Demand()
    {
        foreach ((string library, string package) in Needed) Demand(library, package);
        // Without it a dying X server ends this process (Xlib before 1.7).
        if (!NativeLibrary.TryGetExport(Load(LibX11.File, "libx11-6"), "XSetIOErrorExitHandler", out _))
            throw new DesktopException(DesktopError.MissingLibrary, $"{LibX11.File} is older than 1.7. Install a current libx11-6.");
    }

    internal static void Demand(string library, string package) => _ = Load(library, package);

    private static nint Load(string library, string package) =>
        NativeLibrary.TryLoad(library, typeof(NativeLibraries).Assembly, null, out nint handle)
            ? handle
            : throw new DesktopException(DesktopError.MissingLibrary, $"The system library {library} could not be loaded. Install the package {package} (Debian and Ubuntu; other systems name it alike).");
}
