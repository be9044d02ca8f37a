using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Brightness and colour of 16×16 pixels (JFIF: full range, BT.601), around 0, in single precision. Colour in half resolution is the mean of four.</summary>
internal sealed class MacroblockSamples(bool vectors)
{
    public const int Pitch = 16;
    private const int Side = 16;
    private const float FromR = 0.299f, FromG = 0.587f, FromB = 0.114f, CbScale = 0.564334f, CrScale = 0.713267f;

    private readonly float[][] components = [new float[Side * Pitch], new float[Side * Pitch], new float[Side * Pitch]];
    private readonly byte[] whole = new byte[Side * Side * 4];

    public float[] Component(int index) => components[index];

    /// <summary>Takes pixels, of which the last column and row stand for those beyond.</summary>
    public void Take(ReadOnlySpan<byte> pixels, int stride, int across, int down, bool halfColour)
    {
        if (across < Side || down < Side)
        {
            Extend(pixels, stride, across, down);
            pixels = whole;
            stride = Side * 4;
        }

        if (vectors && Vector512.IsHardwareAccelerated) ConvertByWideVector(ref MemoryMarshal.GetReference(pixels[..(stride * (Side - 1) + Side * 4)]), stride);
        else if (vectors) ConvertByVector(ref MemoryMarshal.GetReference(pixels[..(stride * (Side - 1) + Side * 4)]), stride);
        else ConvertOneByOne(pixels, stride);
        if (!halfColour) return;
        if (vectors) HalveByVector();
        else HalveOneByOne();
    }

    private void Extend(ReadOnlySpan<byte> pixels, int stride, int across, int down)
    {
        for (int y = 0; y < Side; y++)
        {
            Span<uint> row = MemoryMarshal.Cast<byte, uint>(whole.AsSpan(y * Side * 4, Side * 4));
            ReadOnlySpan<uint> source = MemoryMarshal.Cast<byte, uint>(pixels.Slice(Math.Min(y, down - 1) * stride, across * 4));
            source.CopyTo(row);
            row[across..].Fill(source[^1]);
        }
    }

    private void ConvertByVector(ref byte pixels, int stride)
    {
        ref float y = ref components[0][0], cb = ref components[1][0], cr = ref components[2][0];
        Vector256<int> low = Vector256.Create(255);
        for (int row = 0; row < Side; row++)
            for (int half = 0; half < 2; half++)
            {
                Vector256<int> bgr = Unsafe.ReadUnaligned<Vector256<int>>(ref Unsafe.Add(ref pixels, row * stride + half * 32));
                Vector256<float> b = Vector256.ConvertToSingle(bgr & low), g = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bgr, 8) & low), r = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bgr, 16) & low);
                Vector256<float> luma = r * Vector256.Create(FromR) + g * Vector256.Create(FromG) + b * Vector256.Create(FromB);
                nuint at = (nuint)(row * Pitch + half * 8);
                (luma - Vector256.Create(128f)).StoreUnsafe(ref y, at);
                ((b - luma) * Vector256.Create(CbScale)).StoreUnsafe(ref cb, at);
                ((r - luma) * Vector256.Create(CrScale)).StoreUnsafe(ref cr, at);
            }
    }

    private void ConvertByWideVector(ref byte pixels, int stride)
    {
        ref float y = ref components[0][0], cb = ref components[1][0], cr = ref components[2][0];
        Vector512<int> low = Vector512.Create(255);
        for (int row = 0; row < Side; row++)
        {
            Vector512<int> bgr = Unsafe.ReadUnaligned<Vector512<int>>(ref Unsafe.Add(ref pixels, row * stride));
            Vector512<float> b = Vector512.ConvertToSingle(bgr & low), g = Vector512.ConvertToSingle(Vector512.ShiftRightLogical(bgr, 8) & low), r = Vector512.ConvertToSingle(Vector512.ShiftRightLogical(bgr, 16) & low);
            Vector512<float> luma = r * Vector512.Create(FromR) + g * Vector512.Create(FromG) + b * Vector512.Create(FromB);
            nuint at = (nuint)(row * Pitch);
            (luma - Vector512.Create(128f)).StoreUnsafe(ref y, at);
            ((b - luma) * Vector512.Create(CbScale)).StoreUnsafe(ref cb, at);
            ((r - luma) * Vector512.Create(CrScale)).StoreUnsafe(ref cr, at);
        }
    }

    private void ConvertOneByOne(ReadOnlySpan<byte> pixels, int stride)
    {
        for (int row = 0; row < Side; row++)
            for (int column = 0; column < Side; column++)
            {
                ReadOnlySpan<byte> pixel = pixels.Slice(row * stride + column * 4, 3);
                (float b, float g, float r) = (pixel[0], pixel[1], pixel[2]);
                float luma = r * FromR + g * FromG + b * FromB;
                int at = row * Pitch + column;
                (components[0][at], components[1][at], components[2][at]) = (luma - 128f, (b - luma) * CbScale, (r - luma) * CrScale);
            }
    }

    private void HalveByVector()
    {
        Vector256<int> evenOdd = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        for (int component = 1; component <= 2; component++)
        {
            ref float plane = ref components[component][0];
            for (int row = 0; row < Side / 2; row++)
            {
                nuint at = (nuint)(row * 2 * Pitch);
                Vector256<float> left = Vector256.Shuffle(Vector256.LoadUnsafe(ref plane, at) + Vector256.LoadUnsafe(ref plane, at + Pitch), evenOdd);
                Vector256<float> right = Vector256.Shuffle(Vector256.LoadUnsafe(ref plane, at + 8) + Vector256.LoadUnsafe(ref plane, at + Pitch + 8), evenOdd);
                Vector256<float> sum = Vector256.Create(left.GetLower() + left.GetUpper(), right.GetLower() + right.GetUpper());
                (sum * Vector256.Create(0.25f)).StoreUnsafe(ref plane, (nuint)(row * Pitch));
            }
        }
    }

    private void HalveOneByOne()
    {
        for (int component = 1; component <= 2; component++)
        {
            float[] plane = components[component];
            for (int row = 0; row < Side / 2; row++)
                for (int column = 0; column < Side / 2; column++)
                {
                    int at = row * 2 * Pitch + column * 2;
                    plane[row * Pitch + column] = ((plane[at] + plane[at + Pitch]) + (plane[at + 1] + plane[at + Pitch + 1])) * 0.25f;
                }
        }
    }
}
