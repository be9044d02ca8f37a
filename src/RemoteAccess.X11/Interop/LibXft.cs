using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXft: antialiased text; fonts by fontconfig's names.</summary>
internal static unsafe partial class LibXft
{
    public const string File = "libXft.so.2";
    public const string Package = "libxft2";

    /// <summary>libXrender, which libXft brings along.</summary>
    private const string RenderFile = "libXrender.so.1";

    /// <summary>
    /// Before the first call of libXft on a connection. Closing a connection runs the libraries' hooks, the one added last first. libXft frees its
    /// cached fonts there through libXrender; when that has been closed already, it keeps an entry for memory that is free, and the next connection
    /// at the same address sends requests with garbage for a number.
    /// </summary>
    [LibraryImport(RenderFile)] public static partial int XRenderQueryExtension(nint display, out int firstEvent, out int firstError);

    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf8)] public static partial XftFont* XftFontOpenName(nint display, int screen, string name);
    [LibraryImport(File)] public static partial void XftFontClose(nint display, XftFont* font);
    [LibraryImport(File)] public static partial int XftCharExists(nint display, XftFont* font, uint character);
    [LibraryImport(File)] public static partial void XftTextExtents32(nint display, XftFont* font, uint* text, int length, GlyphExtents* extents);
    [LibraryImport(File)] public static partial nint XftDrawCreate(nint display, nuint drawable, Visual* visual, nuint colours);
    [LibraryImport(File)] public static partial void XftDrawDestroy(nint draw);
    [LibraryImport(File)] public static partial void XftDrawString32(nint draw, XftColour* colour, XftFont* font, int x, int y, uint* text, int length);
}

/// <summary>The head of XftFont.</summary>
internal struct XftFont
{
    public int Ascent, Descent, Height;
}

/// <summary>XGlyphInfo.</summary>
internal struct GlyphExtents
{
    public ushort Width, Height;
    public short X, Y, Advance, AdvanceDown;
}

/// <summary>XftColor; in true colour the pixel is the colour.</summary>
internal struct XftColour
{
    public nuint Pixel;
    public ushort Red, Green, Blue, Alpha;
}
