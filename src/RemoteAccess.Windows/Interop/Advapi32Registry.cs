using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>advapi32: one value of the registry. Names and types as in winreg.h.</summary>
internal static unsafe partial class Advapi32Registry
{
    public const string File = "advapi32";

    public const nint LocalMachine = unchecked((int)0x80000002);
    public const uint TypeDword = 0x10;

    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int RegGetValueW(nint key, string path, string name, uint types, uint* type, void* data, uint* size);
}
