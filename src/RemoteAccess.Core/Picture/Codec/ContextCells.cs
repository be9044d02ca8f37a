using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Codes bits by the cells of a <see cref="ContextModel"/>.</summary>
internal readonly ref struct ContextCells<TBits>(TBits bits, ContextModel model)
    where TBits : struct, IContextBits
{
    private readonly TBits bits = bits;
    private readonly ref uint cells = ref MemoryMarshal.GetArrayDataReference(model.Cells);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(int cell, int bit) => bits.Code(ref Unsafe.Add(ref cells, cell), bit);

    /// <summary>The lowest <paramref name="count"/> bits of a value, highest first, through a tree of cells.</summary>
    public int CodeTree(int tree, int count, int value)
    {
        int node = 1;
        for (int i = count - 1; i >= 0; i--) node = node * 2 + Code(tree + node, (value >> i) & 1);
        return node - (1 << count);
    }

    /// <summary>The lowest <paramref name="count"/> bits of a value; nothing is known of them.</summary>
    public int CodeDirect(int count, int value) => bits.CodeDirect(count, value);
}
