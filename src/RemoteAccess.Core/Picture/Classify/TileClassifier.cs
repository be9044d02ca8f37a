using System.Numerics;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Tells text from photos, a 64×64 tile at a time, so that nothing a person reads is ever sent with losses: one square of a tile that
/// looks like text makes text of it all, and a letter just over the tile's border does too. A photo taken for text costs bytes; text
/// taken for a photo would break the promise. Hair, grass and enlarged video have lines as letters do: what changes as video does may have
/// them, if none stands still and what is near did not merely move. Allocates nothing for a frame. Not thread-safe.
/// </summary>
internal sealed class TileClassifier
{
    /// <summary>Pixels along a tile's side.</summary>
    public const int Side = 64;

    private const int SquaresAcross = Side / SquareEvidence.Side;

    // After text a tile stays lossless so long: what was taken for a photo between two frames of text is text.
    private const long TextHoldMicroseconds = 500_000;

    // Of the frame before, at the rates that make a video.
    private const long StillAgainMicroseconds = 250_000;

    private readonly BlockMap changed = new();
    private History[] histories = [];
    private TileLook[] looks = [];

    private struct History
    {
        public bool WasNatural, HadText, IsRim;
        public short Damaged, Moved;
        public long TextAt, StillAt;
        public SustainedChange Video;

        public void HoldText(long now) => (HadText, TextAt) = (true, now);

        /// <summary>Letters before a video are there in the next frame too; lines that stood still by chance are not.</summary>
        public void HoldStill(long now)
        {
            if (now - StillAt < StillAgainMicroseconds) HoldText(now);
            StillAt = now;
        }

        public readonly bool IsHeld(long now) => HadText && now - TextAt < TextHoldMicroseconds;
    }

    /// <summary>Tiles across.</summary>
    public int Columns { get; private set; }

    /// <summary>Tiles down.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether a tile changes as video does.</summary>
    public bool IsVideo(int tile) => histories[tile].Video.IsSustained;

    /// <summary>Forgets everything: a new epoch, or another size.</summary>
    public void Reset(PixelSize size)
    {
        Columns = (size.Width + Side - 1) / Side;
        Rows = (size.Height + Side - 1) / Side;
        changed.Reset(size);
        if (histories.Length < Columns * Rows) histories = new History[Columns * Rows];
        else Array.Clear(histories);
        if (looks.Length < Columns) looks = new TileLook[Columns];
    }

    /// <summary>
    /// Marks each damaged block that is still <see cref="BlockClass.Skip"/> as <see cref="BlockClass.Context"/> or <see cref="BlockClass.Natural"/>,
    /// and says for each tile, row by row, what its blocks of this frame are. <paramref name="previous"/> is what the damage was found
    /// against; without one, lines in a video are letters.
    /// </summary>
    public void Classify(ScreenFrame? previous, ScreenFrame current, BlockMap damage, BlockClasses classes, long capturedMicroseconds, Span<TileKind> kinds)
    {
        if (Vector512.IsHardwareAccelerated) Classify<PixelTests512>(previous, current, damage, classes, capturedMicroseconds, kinds);
        else if (Vector256.IsHardwareAccelerated) Classify<PixelTests256>(previous, current, damage, classes, capturedMicroseconds, kinds);
        else if (Vector128.IsHardwareAccelerated) Classify<PixelTests128>(previous, current, damage, classes, capturedMicroseconds, kinds);
        else Classify<PixelTestsScalar>(previous, current, damage, classes, capturedMicroseconds, kinds);
    }

    /// <summary>The same, on a named path.</summary>
    public void Classify<TTests>(ScreenFrame? previous, ScreenFrame current, BlockMap damage, BlockClasses classes, long capturedMicroseconds, Span<TileKind> kinds)
        where TTests : struct, IPixelTests
    {
        if (current.Size != changed.Size || damage.Size != changed.Size || classes.Size != changed.Size)
            throw new ArgumentException("Picture, map and classes are not of the size the classifier was reset to.", nameof(current));
        if (previous is not null && previous.Size != current.Size) throw new ArgumentException("The pictures differ in size.", nameof(previous));
        ArgumentOutOfRangeException.ThrowIfNotEqual(kinds.Length, Columns * Rows, nameof(kinds));

        TakeUnmoved(damage, classes);
        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (tile % Columns == 0) LookAt<TTests>(current, tile / Columns);
            kinds[tile] = Alone<TTests>(previous, current, tile, looks[tile % Columns].Look, capturedMicroseconds);
        }

        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (histories[tile].IsRim && IsBesideNatural(kinds, tile)) kinds[tile] = TileKind.NaturalLossless;
        }

        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (kinds[tile] != TileKind.NaturalLossless || !HasTextAround<TTests>(previous, current, kinds, tile)) continue;
            kinds[tile] = TileKind.Text;
            if (histories[tile].Video.IsSustained) histories[tile].HoldStill(capturedMicroseconds);
            else histories[tile].HoldText(capturedMicroseconds);
        }

        for (int tile = 0; tile < kinds.Length; tile++)
        {
            if (kinds[tile] == TileKind.None) continue;
            ref History history = ref histories[tile];
            bool isNatural = kinds[tile] == TileKind.NaturalLossless;
            bool isSure = isNatural && (history.WasNatural || history.Video.IsSustained || IsAmidNatural(kinds, tile));
            if (isSure && !history.IsHeld(capturedMicroseconds)) kinds[tile] = TileKind.NaturalLossy;
            history.WasNatural = isNatural;
            Mark(classes, tile % Columns, tile / Columns, isNatural ? BlockClass.Natural : BlockClass.Context);
        }
    }

    private void TakeUnmoved(BlockMap damage, BlockClasses classes)
    {
        for (int tile = 0; tile < Columns * Rows; tile++) histories[tile].Damaged = histories[tile].Moved = 0;
        for (int row = 0; row < damage.Rows; row++)
        {
            ReadOnlySpan<byte> damaged = damage.Row(row);
            Span<byte> kept = changed.Row(row);
            ReadOnlySpan<BlockClass> marked = classes.Row(row);
            damaged.CopyTo(kept);
            if (!damaged.ContainsAnyExcept((byte)0)) continue;
            for (int i = 0; i < kept.Length; i++)
            {
                if (kept[i] == 0) continue;
                ref History history = ref histories[row * BlockMap.Side / Side * Columns + i];
                history.Damaged += (short)BitOperations.PopCount(kept[i]);
                for (int rest = kept[i]; rest != 0; rest &= rest - 1)
                {
                    if (marked[i * 8 + BitOperations.TrailingZeroCount(rest)] == BlockClass.Skip) continue;
                    kept[i] &= (byte)~(rest & -rest);
                    history.Moved++;
                }
            }
        }
    }

    /// <summary>What a tile is by itself: none, text or natural; remembered, so that it may be held or known to be video.</summary>
    private TileKind Alone<TTests>(ScreenFrame? previous, ScreenFrame current, int tile, Look look, long now)
        where TTests : struct, IPixelTests
    {
        ref History history = ref histories[tile];
        history.IsRim = false;
        if (history.Damaged == history.Moved)
        {
            history.Video.Rest(now);
            return TileKind.None;
        }

        if (look == Look.Text)
        {
            history.HoldText(now);
            history.Video.Rest(now);
            return TileKind.Text;
        }

        bool wasSustained = history.Video.IsSustained;
        if (HasMovedAround(tile)) history.Video = default;
        else history.Video.Change(now);
        if (look == Look.Photo) return TileKind.NaturalLossless;
        if (previous is null || !history.Video.IsSustained)
        {
            if (look == Look.Video) history.HoldText(now);
            return TileKind.Text;
        }

        if (HasStillLines<TTests>(previous, current, tile))
        {
            history.HoldStill(now);
            return TileKind.Text;
        }

        // What looked like letters was the video.
        if (!wasSustained) history.HadText = false;
        history.IsRim = look == Look.Little;
        return history.IsRim ? TileKind.Text : TileKind.NaturalLossless;
    }

    /// <summary>Whether half of what changed in the tile and those beside it merely moved: what scrolls is no video.</summary>
    private bool HasMovedAround(int tile)
    {
        int column = tile % Columns, row = tile / Columns;
        int damaged = 0, moved = 0;
        for (int y = Math.Max(row - 1, 0); y <= row + 1 && y < Rows; y++)
        {
            for (int x = Math.Max(column - 1, 0); x <= column + 1 && x < Columns; x++)
            {
                damaged += histories[y * Columns + x].Damaged;
                moved += histories[y * Columns + x].Moved;
            }
        }

        return moved > 0 && moved * 2 >= damaged;
    }

    /// <summary>Whether a tile above, below, left or right is natural, and not only for what is beside it.</summary>
    private bool IsBesideNatural(ReadOnlySpan<TileKind> kinds, int tile)
    {
        int column = tile % Columns;
        return IsNatural(kinds, tile - Columns) || IsNatural(kinds, tile + Columns)
            || (column > 0 && IsNatural(kinds, tile - 1)) || (column < Columns - 1 && IsNatural(kinds, tile + 1));
    }

    private bool IsNatural(ReadOnlySpan<TileKind> kinds, int tile) =>
        (uint)tile < (uint)kinds.Length && kinds[tile] == TileKind.NaturalLossless && !histories[tile].IsRim;

    /// <summary>Whether all eight tiles around are natural in this frame, as inside a large photo.</summary>
    private bool IsAmidNatural(ReadOnlySpan<TileKind> kinds, int tile)
    {
        int column = tile % Columns, row = tile / Columns;
        for (int y = Math.Max(row - 1, 0); y <= row + 1 && y < Rows; y++)
        {
            for (int x = Math.Max(column - 1, 0); x <= column + 1 && x < Columns; x++)
                if (kinds[y * Columns + x] is TileKind.None or TileKind.Text) return false;
        }

        return true;
    }

    /// <summary>Looks at what changed in a row of tiles, a row of squares after the other, as they lie in memory.</summary>
    private void LookAt<TTests>(ScreenFrame current, int tileRow)
        where TTests : struct, IPixelTests
    {
        Span<TileLook> row = looks.AsSpan(0, Columns);
        row.Clear();
        for (int squareRow = 0; squareRow < SquaresAcross; squareRow++)
        {
            for (int column = 0; column < row.Length; column++)
            {
                ref readonly History history = ref histories[tileRow * Columns + column];
                if (history.Damaged == history.Moved) continue;
                ref TileLook look = ref row[column];
                for (int square = 0; square < SquaresAcross && !look.IsText; square++)
                    look.Add(SquareEvidence.Count<TTests>(current, changed, column * SquaresAcross + square, tileRow * SquaresAcross + squareRow, look.NeedsLines));
            }
        }
    }

    private bool HasStillLines<TTests>(ScreenFrame previous, ScreenFrame current, int tile)
        where TTests : struct, IPixelTests
    {
        for (int square = 0; square < SquaresAcross * SquaresAcross; square++)
        {
            if (StillLines.AreIn<TTests>(previous, current, changed, SquareX(tile, square), SquareY(tile, square))) return true;
        }

        return false;
    }

    private int SquareX(int tile, int square) => tile % Columns * SquaresAcross + square % SquaresAcross;

    private int SquareY(int tile, int square) => tile / Columns * SquaresAcross + square / SquaresAcross;

    /// <summary>Whether a square that touches the tile from outside is text; those of natural tiles are known not to be.</summary>
    private bool HasTextAround<TTests>(ScreenFrame? previous, ScreenFrame current, ReadOnlySpan<TileKind> kinds, int tile)
        where TTests : struct, IPixelTests
    {
        ScreenFrame? still = histories[tile].Video.IsSustained ? previous : null;
        int firstX = tile % Columns * SquaresAcross, firstY = tile / Columns * SquaresAcross;
        for (int y = firstY - 1; y <= firstY + SquaresAcross; y++)
        {
            bool isEdge = y < firstY || y == firstY + SquaresAcross;
            for (int x = firstX - 1; x <= firstX + SquaresAcross; x += isEdge ? 1 : SquaresAcross + 1)
            {
                if (x < 0 || y < 0 || x / SquaresAcross >= Columns || y / SquaresAcross >= Rows) continue;
                if (kinds[y / SquaresAcross * Columns + x / SquaresAcross] != TileKind.Text) continue;
                if (still is not null)
                {
                    if (StillLines.AreIn<TTests>(still, current, changed, x, y)) return true;
                    continue;
                }

                SquareEvidence evidence = SquareEvidence.Count<TTests>(current, changed, x, y);
                if (evidence.IsRough || evidence.HasLines) return true;
            }
        }

        return false;
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
