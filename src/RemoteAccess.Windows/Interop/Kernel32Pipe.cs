using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>kernel32: named pipes, and which process is at their other end. Names and values as in winbase.h.</summary>
internal static unsafe partial class Kernel32Pipe
{
    public const uint Duplex = 3, Overlapped = 0x40000000, FirstInstance = 0x00080000, RejectRemote = 8, Unlimited = 255;
    public const uint OpenExisting = 3, IdentificationOnly = 0x00110000;

    /// <summary>Everything a caller needs of a pipe: FILE_GENERIC_READ and FILE_GENERIC_WRITE, without the right to make another instance of it (0x4).</summary>
    public const uint Converse = 0x12019B;

    public const int FileNotFound = 2, AccessDenied = 5, PipeBusy = 231;

    [LibraryImport("kernel32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial SafePipeHandle CreateNamedPipeW(string name, uint openMode, uint pipeMode, uint instances, uint outBytes, uint inBytes, uint timeout, SecurityAttributes* security);

    [LibraryImport("kernel32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial SafePipeHandle CreateFileW(string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)] public static partial int GetNamedPipeClientProcessId(SafePipeHandle pipe, uint* process);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int GetNamedPipeServerProcessId(SafePipeHandle pipe, uint* process);
}

/// <summary>SECURITY_ATTRIBUTES.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SecurityAttributes
{
    public uint Length;
    public void* Descriptor;
    public int InheritHandle;
}
