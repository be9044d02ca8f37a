using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// A symbol's context: how large residuals around it are, as far as they are known before its row is read. Contexts of a component's whole row
/// are there at once, so that reader and writer wait for none.
/// </summary>
internal static class LosslessContext
{
    /// <summary>An energy above the n-th limit is at least in context n + 1.</summary>
    public static ReadOnlySpan<sbyte> Limits => [0, 2, 4, 7, 12, 25, 100];

    public const int Count = 8;

    /// <summary>Green has contexts of its own, red and blue share theirs.</summary>
    public const int All = 2 * Count;

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
            int energy = above[at - 1] + 2 * above[at] + above[at + 1];
            for (int before = 0; before < component; before++) energy += 2 * rows.Magnitudes[before][at];
            int context = component > 0 ? Count : 0;
            foreach (sbyte limit in Limits)
                if (energy > limit) context++;
            contexts[x] = (byte)context;
        }
    }

    private static void ByVector(LosslessRows rows, int component, ref byte contexts)
    {
        ref byte above = ref rows.Magnitudes[component][LosslessRows.Start], left = ref rows.Magnitudes[component][LosslessRows.Start - 1];
        ref byte green = ref rows.Magnitudes[0][LosslessRows.Start], red = ref rows.Magnitudes[1][LosslessRows.Start];
        Vector128<byte> most = Vector128.Create((byte)sbyte.MaxValue);
        Vector128<sbyte> first = component > 0 ? Vector128.Create((sbyte)Count) : Vector128<sbyte>.Zero;
        for (nuint x = 0; x < 64; x += 16)
        {
            Vector128<byte> twice = Vector128.LoadUnsafe(ref above, x);
            if (component > 0) twice = Vector128.AddSaturate(twice, Vector128.LoadUnsafe(ref green, x));
            if (component > 1) twice = Vector128.AddSaturate(twice, Vector128.LoadUnsafe(ref red, x));
            Vector128<byte> beside = Vector128.AddSaturate(Vector128.LoadUnsafe(ref left, x), Vector128.LoadUnsafe(ref left, x + 2));
            Vector128<sbyte> energy = Vector128.Min(Vector128.AddSaturate(Vector128.AddSaturate(twice, twice), beside), most).AsSByte();
            Vector128<sbyte> context = first;
            foreach (sbyte limit in Limits) context -= Vector128.GreaterThan(energy, Vector128.Create(limit));
            context.AsByte().StoreUnsafe(ref contexts, x);
        }
    }
}
