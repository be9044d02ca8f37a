using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// A symbol's context: how large residuals around it are, as far as they are known before its row is read. Contexts of a component's whole row
/// are there at once, so that reader and writer wait for none.
/// </summary>
internal static class LosslessContext
{
    /// <summary>An energy above the n-th limit is at least in context n + 1.</summary>
    public static ReadOnlySpan<sbyte> Limits => [0, 2, 4, 8, 14, 28, 72];

    public const int Count = 8;

    /// <summary>
    /// Green has contexts of its own. Red and blue share theirs: of those where the component before has residual 0, and of the others, which never are in the quietest.
    /// </summary>
    public const int All = 3 * Count - 1;

    /// <summary>Finds the contexts of a component of a row whose components before are taken. Those past the last column mean nothing.</summary>
    public static void Find(LosslessRows rows, int component, Span<byte> contexts, bool vectors)
    {
        if (vectors) ByVector(rows, component, ref contexts[..64][0]);
        else OneByOne(rows, component, contexts);
    }

    private static void OneByOne(LosslessRows rows, int component, Span<byte> contexts)
    {
        for (int x = 0; x < 64; x++)
        {
            int at = LosslessRows.Start + x;
            byte[] above = rows.Magnitudes[component];
            int energy = above[at - 1] + 2 * above[at] + above[at + 1] + rows.Older[component][at];
            for (int before = 0; before < component; before++) energy += 2 * rows.Magnitudes[before][at];
            int context = component > 0 ? Count : 0;
            if (component > 0 && rows.Magnitudes[component - 1][at] > 0) context += Count - 1;
            foreach (sbyte limit in Limits)
                if (energy > limit) context++;
            contexts[x] = (byte)context;
        }
    }

    private static void ByVector(LosslessRows rows, int component, ref byte contexts)
    {
        ref byte above = ref rows.Magnitudes[component][LosslessRows.Start], left = ref rows.Magnitudes[component][LosslessRows.Start - 1];
        ref byte older = ref rows.Older[component][LosslessRows.Start];
        ref byte green = ref rows.Magnitudes[0][LosslessRows.Start], red = ref rows.Magnitudes[1][LosslessRows.Start];
        ref byte before = ref component > 1 ? ref red : ref green;
        Vector128<byte> most = Vector128.Create((byte)sbyte.MaxValue);
        Vector128<sbyte> behindQuiet = Vector128.Create((sbyte)Count), behindOther = Vector128.Create((sbyte)(2 * Count - 1));
        for (nuint x = 0; x < 64; x += 16)
        {
            Vector128<byte> twice = Vector128.LoadUnsafe(ref above, x);
            if (component > 0) twice = Vector128.AddSaturate(twice, Vector128.LoadUnsafe(ref green, x));
            if (component > 1) twice = Vector128.AddSaturate(twice, Vector128.LoadUnsafe(ref red, x));
            Vector128<byte> around = Vector128.AddSaturate(Vector128.AddSaturate(Vector128.LoadUnsafe(ref left, x), Vector128.LoadUnsafe(ref left, x + 2)), Vector128.LoadUnsafe(ref older, x));
            Vector128<sbyte> energy = Vector128.Min(Vector128.AddSaturate(Vector128.AddSaturate(twice, twice), around), most).AsSByte();
            Vector128<sbyte> context = Vector128<sbyte>.Zero;
            if (component > 0) context = Vector128.ConditionalSelect(Vector128.Equals(Vector128.LoadUnsafe(ref before, x), Vector128<byte>.Zero).AsSByte(), behindQuiet, behindOther);
            foreach (sbyte limit in Limits) context -= Vector128.GreaterThan(energy, Vector128.Create(limit));
            context.AsByte().StoreUnsafe(ref contexts, x);
        }
    }
}
