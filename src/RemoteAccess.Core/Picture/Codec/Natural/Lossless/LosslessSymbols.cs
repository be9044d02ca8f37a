using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Residuals of a row and their contexts, which for the encoder depend on nothing but pixels: a symbol is context × 256 + residual.</summary>
internal sealed class LosslessSymbols(bool vectors)
{
    private const int Lanes = 16;

    private readonly ushort[][] row = [new ushort[64], new ushort[64], new ushort[64]];

    public ushort[] Row(int component) => row[component];

    /// <summary>Takes a row's pixels, 64 of which those beyond the width mean nothing.</summary>
    public void Take(LosslessRows rows, ReadOnlySpan<uint> pixels, int width, byte codedBlocks)
    {
        int end = LosslessRows.Start + width;
        if (vectors) SplitByVector(rows, ref System.Runtime.InteropServices.MemoryMarshal.GetReference(pixels[..64]), width);
        else Split(rows, pixels, width);
        KeepUncoded(rows, width, codedBlocks);
        for (int component = 0; component < LosslessRows.Components; component++)
        {
            if (vectors) ResidualsByVector(rows, component, end);
            else Residuals(rows, component, end);
        }

        KeepUncoded(rows, width, codedBlocks);
        for (int component = 0; component < LosslessRows.Components; component++)
        {
            if (vectors) ContextsByVector(rows, component, end);
            else Contexts(rows, component, end);
        }
    }

    private static void KeepUncoded(LosslessRows rows, int width, byte codedBlocks)
    {
        for (int column = 0; column * 8 < width; column++)
            if ((codedBlocks >> column & 1) == 0) rows.Keep(column);
    }

    private static void Split(LosslessRows rows, ReadOnlySpan<uint> pixels, int width)
    {
        for (int x = 0; x < width; x++)
        {
            (uint b, uint g, uint r) = (pixels[x] & 255, pixels[x] >> 8 & 255, pixels[x] >> 16 & 255);
            rows.Current[0][LosslessRows.Start + x] = (ushort)g;
            rows.Current[1][LosslessRows.Start + x] = (ushort)((r - g + 128) & 255);
            rows.Current[2][LosslessRows.Start + x] = (ushort)((b - g + 128) & 255);
        }
    }

    private static void SplitByVector(LosslessRows rows, ref uint pixels, int width)
    {
        ref ushort green = ref rows.Current[0][LosslessRows.Start], red = ref rows.Current[1][LosslessRows.Start], blue = ref rows.Current[2][LosslessRows.Start];
        Vector256<ushort> low = Vector256.Create((ushort)255), centre = Vector256.Create((ushort)128);
        Vector256<uint> words = Vector256.Create(0xFFFFu);
        for (nuint x = 0; x < (nuint)width; x += Lanes)
        {
            Vector256<uint> a = Vector256.LoadUnsafe(ref pixels, x), b = Vector256.LoadUnsafe(ref pixels, x + 8);
            Vector256<ushort> greenBlue = Vector256.Narrow(a & words, b & words), redOnly = Vector256.Narrow(a >> 16, b >> 16) & low;
            Vector256<ushort> g = greenBlue >> 8;
            g.StoreUnsafe(ref green, x);
            ((redOnly - g + centre) & low).StoreUnsafe(ref red, x);
            ((greenBlue - g + centre) & low).StoreUnsafe(ref blue, x);
        }
    }

    private void Residuals(LosslessRows rows, int component, int end)
    {
        ushort[] current = rows.Current[component], above = rows.Above[component], magnitudes = rows.Magnitudes[component];
        for (int at = LosslessRows.Start; at < end; at++)
        {
            int residual = (current[at] - Median(current[at - 1], above[at], above[at - 1])) & 255;
            row[component][at - LosslessRows.Start] = (ushort)residual;
            magnitudes[at] = (ushort)Math.Min(residual, 256 - residual);
        }
    }

    /// <summary>The median of left, upper, and left + upper − upper left.</summary>
    public static int Median(int left, int upper, int upperLeft)
    {
        int high = Math.Max(left, upper), low = Math.Min(left, upper);
        return upperLeft >= high ? low : upperLeft <= low ? high : left + upper - upperLeft;
    }

    private void ResidualsByVector(LosslessRows rows, int component, int end)
    {
        ref ushort current = ref rows.Current[component][0], above = ref rows.Above[component][0], magnitudes = ref rows.Magnitudes[component][0], residuals = ref row[component][0];
        Vector256<short> byteMask = Vector256.Create((short)255), modulus = Vector256.Create((short)256);
        for (nuint at = LosslessRows.Start; at < (nuint)end; at += Lanes)
        {
            Vector256<short> left = Vector256.LoadUnsafe(ref current, at - 1).AsInt16(), upper = Vector256.LoadUnsafe(ref above, at).AsInt16(), corner = Vector256.LoadUnsafe(ref above, at - 1).AsInt16();
            // Clamping the plane between left and upper gives the same median.
            Vector256<short> plane = left + upper - corner;
            Vector256<short> median = Vector256.Max(Vector256.Min(plane, Vector256.Max(left, upper)), Vector256.Min(left, upper));
            Vector256<short> residual = (Vector256.LoadUnsafe(ref current, at).AsInt16() - median) & byteMask;
            residual.AsUInt16().StoreUnsafe(ref residuals, at - LosslessRows.Start);
            Vector256.Min(residual, modulus - residual).AsUInt16().StoreUnsafe(ref magnitudes, at);
        }
    }

    private void Contexts(LosslessRows rows, int component, int end)
    {
        for (int at = LosslessRows.Start; at < end; at++)
        {
            int context = LosslessContext.OfEnergy[Energy(rows, component, at) >> 2] + (component > 0 ? LosslessContext.Count : 0);
            row[component][at - LosslessRows.Start] |= (ushort)(context << 8);
        }
    }

    /// <summary>Four times the energy around a pixel whose residual is not known yet; the components before this one are known.</summary>
    public static int Energy(LosslessRows rows, int component, int at)
    {
        ushort[] current = rows.Current[component], above = rows.Above[component], magnitudes = rows.Magnitudes[component], magnitudesAbove = rows.MagnitudesAbove[component];
        int energy = Math.Abs(current[at - 1] - above[at - 1]) + Math.Abs(above[at] - above[at - 1]) + Math.Abs(above[at + 1] - above[at]);
        energy += 4 * (magnitudes[at - 1] + magnitudesAbove[at]) + 2 * (magnitudesAbove[at - 1] + magnitudesAbove[at + 1]);
        for (int before = 0; before < component; before++) energy += 4 * rows.Magnitudes[before][at];
        return energy;
    }

    private void ContextsByVector(LosslessRows rows, int component, int end)
    {
        ref ushort current = ref rows.Current[component][0], above = ref rows.Above[component][0], magnitudes = ref rows.Magnitudes[component][0], magnitudesAbove = ref rows.MagnitudesAbove[component][0];
        ref ushort green = ref rows.Magnitudes[0][0], red = ref rows.Magnitudes[1][0], symbols = ref row[component][0];
        ReadOnlySpan<byte> limits = LosslessContext.Limits;
        for (nuint at = LosslessRows.Start; at < (nuint)end; at += Lanes)
        {
            Vector256<short> left = Vector256.LoadUnsafe(ref current, at - 1).AsInt16(), upper = Vector256.LoadUnsafe(ref above, at).AsInt16();
            Vector256<short> corner = Vector256.LoadUnsafe(ref above, at - 1).AsInt16(), next = Vector256.LoadUnsafe(ref above, at + 1).AsInt16();
            Vector256<short> beside = Vector256.LoadUnsafe(ref magnitudes, at - 1).AsInt16() + Vector256.LoadUnsafe(ref magnitudesAbove, at).AsInt16();
            if (component > 0) beside += Vector256.LoadUnsafe(ref green, at).AsInt16();
            if (component > 1) beside += Vector256.LoadUnsafe(ref red, at).AsInt16();
            Vector256<short> corners = Vector256.LoadUnsafe(ref magnitudesAbove, at - 1).AsInt16() + Vector256.LoadUnsafe(ref magnitudesAbove, at + 1).AsInt16();
            Vector256<short> energy = Vector256.Abs(left - corner) + Vector256.Abs(upper - corner) + Vector256.Abs(next - upper) + (beside << 2) + (corners << 1);
            energy = Vector256.ShiftRightArithmetic(energy, 2);
            Vector256<short> context = component > 0 ? Vector256.Create((short)LosslessContext.Count) : Vector256<short>.Zero;
            foreach (byte limit in limits) context -= Vector256.GreaterThan(energy, Vector256.Create((short)limit));
            Vector256<ushort> symbol = Vector256.LoadUnsafe(ref symbols, at - LosslessRows.Start) | (context.AsUInt16() << 8);
            symbol.StoreUnsafe(ref symbols, at - LosslessRows.Start);
        }
    }
}
