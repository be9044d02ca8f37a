using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>
/// What this process holds of the system: handles, GDI objects, USER objects. Wine answers 0 for the last two; there they are counted by the numbers of new ones, which fill all free places
/// of the table and then continue it, so that the highest number tells how many places were taken.
/// </summary>
internal sealed partial record Held(int Handles, int Gdi, int User)
{
    /// <summary>More than a session makes and gives back, so that no free place stays below the highest number.</summary>
    private const int Some = 1500;

    public static Held Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process self = Process.GetCurrentProcess();
        if (!Wine.IsHere) return new Held(self.HandleCount, (int)Prank.GetGuiResources(Prank.GetCurrentProcess(), 0), (int)Prank.GetGuiResources(Prank.GetCurrentProcess(), 1));
        return new Held(Calls.Handles((nuint)Environment.ProcessId), Taken(static () => Prank.CreateRectRgn(0, 0, 1, 1), Win32.DeleteObject), Taken(Calls.CreateMenu, Calls.DestroyMenu));
    }

    private static int Taken(Func<nint> make, Func<nint, int> delete)
    {
        nint[] made = [.. Enumerable.Range(0, Some).Select(_ => make())];
        int highest = made.Max(one => (int)(one & 0xffff));
        Assert.All(made, one => Assert.NotEqual(0, delete(one)));
        return highest;
    }

    private static unsafe partial class Calls
    {
        private const int ExtendedHandles = 64, TooSmall = unchecked((int)0xC0000004);

        [LibraryImport("user32")] public static partial nint CreateMenu();
        [LibraryImport("user32")] public static partial int DestroyMenu(nint menu);
        [LibraryImport("ntdll")] private static partial int NtQuerySystemInformation(int what, void* answer, uint length, uint* needed);

        /// <summary>The system's list of every process' open handles. Process.HandleCount is, under Wine, the size of a table.</summary>
        public static int Handles(nuint process)
        {
            byte[] buffer = new byte[1 << 16];
            while (true)
            {
                fixed (byte* answer = buffer)
                {
                    uint needed;
                    int result = NtQuerySystemInformation(ExtendedHandles, answer, (uint)buffer.Length, &needed);
                    if (result >= 0)
                    {
                        nuint count = *(nuint*)answer;
                        ReadOnlySpan<Handle> all = new(answer + (2 * sizeof(nuint)), (int)count);
                        int own = 0;
                        foreach (ref readonly Handle handle in all) own += handle.Process == process ? 1 : 0;
                        Assert.True(own > 0, "The system knows no handle of this process.");
                        return own;
                    }
                    Assert.Equal(TooSmall, result);
                }
                buffer = new byte[buffer.Length * 2];
            }
        }

        /// <summary>SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX.</summary>
        [StructLayout(LayoutKind.Sequential)]
        private struct Handle
        {
            public nuint Item, Process, Value;
            public uint Access;
            public ushort Trace, Kind;
            public uint Attributes, Reserved;
        }
    }
}
