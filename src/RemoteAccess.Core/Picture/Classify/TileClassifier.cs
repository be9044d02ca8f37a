using System.Numerics;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Tells text from photos, a 64×64 tile at a time, so that nothing a person reads is ever sent with losses: one square of a tile that
/// looks like text makes text of it all, and a letter just over the tile's border does too. A photo taken for text costs bytes; text
/// taken for a photo would break the promise. Allocates nothing for a frame. Not thread-safe.
/// </summary>
internal sealed class TileClassifier
{
    /// <summary>Pixels along a tile's side.</summary>
    public const int Side = 64;

    private const int SquaresAcross = Side / SquareEvidence.Side;

    // Less says too little about what it is.
    private const int LeastPixels = 256;

    // After text a tile stays lossless so long: what was taken for a photo between two frames of text is text.
    private const long TextHoldMicroseconds = 500_000;

    private readonly BlockMap changed = new();
    private History[] histories = [];

    private struct History
    {
        public bool WasNatural, HadText;
        public long TextAt;
    }

    /// <summary>Tiles across.</summary>
    public int Columns { get; private set; }

    /// <summary>Tiles down.</summary>
    public int Rows { get; private set; }

    /// <summary>Forgets everything: a new epoch, or another size.</summary>
    public void Reset(PixelSize size)
    {
        Columns = (size.Width + Side - 1) / Side;
        Rows = (size.Height + Side - 1) / Side;
        changed.Reset(size);
        if (histories.Length < Columns * Rows) histories = new History[Columns * Rows];
        else Array.Clear(histories);
    }

    /// <summary>
    /// Marks each damaged block that is still <see cref="BlockClass.Skip"/> as <see cref="BlockClass.Context"/> or <see cref="BlockClass.Natural"/>,
    /// and says for each tile, row by row, what its blocks of this frame are.
    /// </summary>
    public void Classify(ScreenFrame current, BlockMap damage, BlockClasses classes, long capturedMicroseconds, Span<TileKind> kinds)
    {
        if (Vector512.IsHardwareAccelerated) Classify<PixelTests512>(current, damage, classes, capturedMicroseconds, kinds);
        else if (Vector256.IsHardwareAccelerated) Classify<PixelTests256>(current, damage, classes, capturedMicroseconds, kinds);
        else if (Vector128.IsHardwareAccelerated) Classify<PixelTests128>(current, damage, classes, capturedMicroseconds, kinds);
        else Classify<PixelTestsScalar>(current, damage, classes, capturedMicroseconds, kinds);
    }

    /// <summary>The same, on a named path.</summary>
    public void Classify<TTests>(ScreenFrame current, BlockMap damage, BlockClasses classes, long capturedMicroseconds, Span<TileKind> kinds)
        where TTests : struct, IPixelTests
    {
        if (current.Size != changed.Size || damage.Size != changed.Size || classes.Size != changed.Size)
            throw new ArgumentException("Picture, map and classes are not of the size the classifier was reset to.", nameof(current));
        ArgumentOutOfRangeException.ThrowIfNotEqual(kinds.Length, Columns * Rows, nameof(kinds));

        TakeUnmoved(damage, classes);
        for (int tile = 0; tile < kinds.Length; tile++) kinds[tile] = Alone<TTests>(current, tile % Columns, tile / Columns);
        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (kinds[tile] == TileKind.NaturalLossless && HasTextAround<TTests>(current, kinds, tile % Columns, tile / Columns)) kinds[tile] = TileKind.Text;
        }

        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (kinds[tile] == TileKind.None) continue;
            kinds[tile] = Remember(ref histories[tile], kinds[tile], capturedMicroseconds);
            Mark(classes, tile % Columns, tile / Columns, kinds[tile] == TileKind.Text ? BlockClass.Context : BlockClass.Natural);
        }
    }

    private void TakeUnmoved(BlockMap damage, BlockClasses classes)
    {
        for (int row = 0; row < damage.Rows; row++)
        {
            ReadOnlySpan<byte> damaged = damage.Row(row);
            Span<byte> kept = changed.Row(row);
            ReadOnlySpan<BlockClass> marked = classes.Row(row);
            damaged.CopyTo(kept);
            for (int i = 0; i < kept.Length; i++)
            {
                for (int rest = kept[i]; rest != 0; rest &= rest - 1)
                {
                    if (marked[i * 8 + BitOperations.TrailingZeroCount(rest)] != BlockClass.Skip) kept[i] &= (byte)~(rest & -rest);
                }
            }
        }
    }

    /// <summary>What a tile is by itself: none, text or natural.</summary>
    private TileKind Alone<TTests>(ScreenFrame current, int column, int row)
        where TTests : struct, IPixelTests
    {
        int blocks = 0;
        int firstRow = row * Side / BlockMap.Side, endRow = Math.Min(firstRow + Side / BlockMap.Side, changed.Rows);
        for (int blockRow = firstRow; blockRow < endRow; blockRow++) blocks += BitOperations.PopCount(changed.Row(blockRow)[column]);
        if (blocks == 0) return TileKind.None;
        if (blocks * BlockMap.Side * BlockMap.Side < LeastPixels) return TileKind.Text;

        int pixels = 0, isNew = 0, smooth = 0;
        for (int square = 0; square < SquaresAcross * SquaresAcross; square++)
        {
            SquareEvidence evidence = SquareEvidence.Count<TTests>(current, changed, column * SquaresAcross + square % SquaresAcross, row * SquaresAcross + square / SquaresAcross);
            if (evidence.IsText) return TileKind.Text;
            pixels += evidence.Pixels;
            isNew += evidence.New;
            smooth += evidence.Smooth;
        }

        return pixels >= LeastPixels && isNew * 10 >= pixels * 3 && smooth * 10 >= isNew * 7 ? TileKind.NaturalLossless : TileKind.Text;
    }

    /// <summary>Whether a square that touches the tile from outside is text; those of natural tiles are known not to be.</summary>
    private bool HasTextAround<TTests>(ScreenFrame current, ReadOnlySpan<TileKind> kinds, int column, int row)
        where TTests : struct, IPixelTests
    {
        int firstX = column * SquaresAcross, firstY = row * SquaresAcross;
        for (int y = firstY - 1; y <= firstY + SquaresAcross; y++)
        {
            bool isEdge = y < firstY || y == firstY + SquaresAcross;
            for (int x = firstX - 1; x <= firstX + SquaresAcross; x += isEdge ? 1 : SquaresAcross + 1)
            {
                if (x < 0 || y < 0 || x / SquaresAcross >= Columns || y / SquaresAcross >= Rows) continue;
                if (kinds[y / SquaresAcross * Columns + x / SquaresAcross] != TileKind.Text) continue;
                if (SquareEvidence.Count<TTests>(current, changed, x, y).IsText) return true;
            }
        }

        return false;
    }

    private static TileKind Remember(ref History history, TileKind kind, long now)
    {
        if (kind == TileKind.Text)
        {
            history = new History { HadText = true, TextAt = now };
            return kind;
        }

        bool isCertain = history.WasNatural && !(history.HadText && now - history.TextAt < TextHoldMicroseconds);
        history.WasNatural = true;
        return isCertain ? TileKind.NaturalLossy : TileKind.NaturalLossless;
    }

    private void Mark(BlockClasses classes, int column, int row, BlockClass mark)
    {
        int firstRow = row * Side / BlockMap.Side, endRow = Math.Min(firstRow + Side / BlockMap.Side, changed.Rows);
        for (int blockRow = firstRow; blockRow < endRow; blockRow++)
        {
            Span<BlockClass> marked = classes.Row(blockRow);
            for (int rest = changed.Row(blockRow)[column]; rest != 0; rest &= rest - 1) marked[column * 8 + BitOperations.TrailingZeroCount(rest)] = mark;
        }
    }
}
