using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Tests;

/// <summary>A junction, as any user can make one without any right: a reparse point of a mount (ntifs.h).</summary>
internal static unsafe partial class Junction
{
    private const uint SetReparsePoint = 0x900A4, MountPoint = 0xA0000003, BackupSemantics = 0x02000000, OpenReparsePoint = 0x00200000, ReadWrite = 0xC0000000;

    /// <returns>Whether there is one now; else nothing is left of it.</returns>
    public static bool TryMake(string at, string target)
    {
        Directory.CreateDirectory(at);
        byte[] there = Encoding.Unicode.GetBytes(@"\??\" + target), shown = Encoding.Unicode.GetBytes(target);
        byte[] data = new byte[8 + 8 + there.Length + 2 + shown.Length + 2];
        BinaryPrimitives.WriteUInt32LittleEndian(data, MountPoint);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(4), (ushort)(data.Length - 8));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(10), (ushort)there.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(12), (ushort)(there.Length + 2));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(14), (ushort)shown.Length);
        there.CopyTo(data, 16);
        shown.CopyTo(data, 16 + there.Length + 2);
        bool isMade;
        using (SafeFileHandle folder = CreateFileW(at, ReadWrite, 7, 0, 3, BackupSemantics | OpenReparsePoint, 0))
        {
            uint written;
            fixed (byte* first = data) isMade = !folder.IsInvalid && DeviceIoControl(folder, SetReparsePoint, first, (uint)data.Length, null, 0, &written, 0) != 0;
        }
        if (isMade && new DirectoryInfo(at).Attributes.HasFlag(FileAttributes.ReparsePoint)) return true;
        Directory.Delete(at);
        return false;
    }

    [LibraryImport("kernel32.dll", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFileW(string name, uint access, uint share, nint security, uint how, uint flags, nint template);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    private static partial int DeviceIoControl(SafeFileHandle file, uint code, byte* input, uint length, byte* output, uint room, uint* written, nint overlapped);
}
