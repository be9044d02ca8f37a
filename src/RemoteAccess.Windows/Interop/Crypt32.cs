using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>crypt32: DPAPI. Names and types as in dpapi.h.</summary>
internal static unsafe partial class Crypt32
{
    public const string File = "crypt32";

    /// <summary>CRYPTPROTECT_UI_FORBIDDEN: for this account, and never with a window.</summary>
    public const uint NoWindow = 0x1;

    [LibraryImport(File, SetLastError = true)]
    public static partial int CryptProtectData(DataBlob* data, nint description, DataBlob* entropy, nint reserved, nint prompt, uint flags, DataBlob* made);

    [LibraryImport(File, SetLastError = true)]
    public static partial int CryptUnprotectData(DataBlob* data, nint description, DataBlob* entropy, nint reserved, nint prompt, uint flags, DataBlob* made);

    [LibraryImport("kernel32")] public static partial nint LocalFree(nint memory);

    /// <summary>DATA_BLOB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DataBlob
    {
        public uint Length;
        public byte* Data;
    }
}
