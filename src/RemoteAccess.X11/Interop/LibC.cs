using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libc: System V shared memory, poll, eventfd, the owner of a file.</summary>
internal static unsafe partial class LibC
{
    private const string File = "libc";

    public const int IpcCreate = 0x200, IpcRemove = 0, OwnerOnly = 0x180;
    public const short PollIn = 1, PollError = 8, PollHangUp = 16, PollInvalid = 32;
    public const int EventFdNonBlocking = 0x800, EventFdCloseOnExec = 0x80000;
    public const int ShutReadWrite = 2, DuplicateCloseOnExec = 1030;
    public const int AtCurrentFolder = -100, AtSymlinkNoFollow = 0x100;
    public const uint StatxBasic = 0x7ff;
    public const int AdvicePopulateWrite = 23;

    [LibraryImport(File, SetLastError = true)] public static partial int shmget(int key, nuint size, int flags);
    [LibraryImport(File, SetLastError = true)] public static partial nint shmat(int id, nint address, int flags);
    [LibraryImport(File, SetLastError = true)] public static partial int shmdt(nint address);
    [LibraryImport(File, SetLastError = true)] public static partial int shmctl(int id, int command, nint buffer);
    [LibraryImport(File, SetLastError = true)] public static partial int poll(PollFd* descriptors, nuint count, int timeoutMilliseconds);
    [LibraryImport(File, SetLastError = true)] public static partial int eventfd(uint initial, int flags);
    [LibraryImport(File, SetLastError = true)] public static partial nint read(int descriptor, void* buffer, nuint count);
    [LibraryImport(File, SetLastError = true)] public static partial nint write(int descriptor, void* buffer, nuint count);
    [LibraryImport(File, SetLastError = true)] public static partial int close(int descriptor);
    [LibraryImport(File, SetLastError = true)] public static partial int fcntl(int descriptor, int command, int argument);
    [LibraryImport(File, SetLastError = true)] public static partial int shutdown(int descriptor, int how);
    [LibraryImport(File)] public static partial uint geteuid();
    [LibraryImport(File)] public static partial int madvise(nint address, nuint size, int advice);
    [LibraryImport(File)] public static partial void free(void* memory);

    [LibraryImport(File, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int folder, string path, int flags, uint mask, Statx* result);
}

[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    public int Descriptor;
    public short Events, Happened;
}

/// <summary>struct statx: the same on every architecture (statx(2)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    [FieldOffset(20)] public uint OwnerId;
    [FieldOffset(28)] public ushort Mode;
}
