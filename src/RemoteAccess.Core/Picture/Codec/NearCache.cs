using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RemoteAccess.Picture;

/// <summary>The processor's cache. What is used at once is not worth a call; what is used some tens of nanoseconds later is.</summary>
internal static unsafe class NearCache
{
    /// <summary>Begins to fetch the line; a hint that changes nothing else, and does nothing where .NET has no such instruction (ARM64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(ref uint line)
    {
        // An object that moves meanwhile makes it useless, not wrong: an address is never read through.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref line));
    }
}
