using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>imm32: input methods, which take keys before a window gets them.</summary>
internal static partial class Imm32
{
    /// <param name="thread">0: the calling one, before it makes a window.</param>
    [LibraryImport("imm32")] public static partial int ImmDisableIME(uint thread);
}
