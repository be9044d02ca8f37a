using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>ntdll: another name for an open file, in a folder that is open. kernel32's own call takes a path for it. Names and values as in ntifs.h.</summary>
internal static unsafe partial class NtdllFile
{
    public const int RenameInformation = 10;

    [LibraryImport("ntdll")] public static partial int NtSetInformationFile(SafeFileHandle file, StatusBlock* status, void* information, uint length, int kind);

    [LibraryImport("ntdll")] public static partial uint RtlNtStatusToDosError(int status);
}

/// <summary>IO_STATUS_BLOCK.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatusBlock
{
    public nint Status, Information;
}

/// <summary>FILE_RENAME_INFORMATION: the name's letters follow <see cref="NameBytes"/>, at once.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RenameInformation
{
    public byte ReplaceIfExists;
    public nint Folder;
    public uint NameBytes;
    public char FirstLetter;
}
