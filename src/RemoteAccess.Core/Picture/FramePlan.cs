namespace RemoteAccess.Picture;

/// <summary>
/// Decides what of a frame is sent, and how:
/// <code>
///   1 damage     blocks that differ from the frame before, and those put off, inside the region
///   2 motion     blocks that are elsewhere in the frame before
///   3 classify   the rest: text and drawings, or natural, and whether lossy will do
///   4 fill       what stands still but would look the same had it moved with the rest of its tile, moves: the map is smaller
///   5 video      an area that moves like video is the video encoder's, if both sides have one
///   6 budget     lossy tiles at the quality that fits; some put off when none does; a few exactly when the link hardly notices
/// </code>
/// or, when nothing changes, which inexact tiles settle. Keeps what it must know from frame to frame. Not thread-safe.
/// </summary>
internal sealed class FramePlan
{
    /// <summary>The next frame should be able to follow after this long.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // A millisecond's work; more of a photo is quicker with loss, even if it is sent twice.
    private const int MostExactBlocks = 1024;

    // Of what the link carries until the next frame.
    private const double ExactShare = 1.0 / 8;

    private readonly BlockMap damage = new();
    private readonly BlockMap putOff = new();
    private readonly MotionSearch motion = new();
    private readonly TileClassifier classifier = new();
    private readonly SettleOrder settle = new();
    private readonly VideoAreas videoAreas = new();
    private readonly NaturalBudget budget = new();
    private readonly MotionVector[] vectors = new MotionVector[4];
    private int vectorCount;
    private int putOffCount;
    private int settling;
    private int macroblocks;
    private int firstLossyTile;

    /// <summary>Class of every block of the frame prepared last.</summary>
    public BlockClasses Classes { get; } = new();

    /// <summary>Kinds of its tiles.</summary>
    public TileMap Tiles { get; } = new();

    public ReadOnlySpan<MotionVector> Vectors => vectors.AsSpan(0, vectorCount);

    /// <summary>Quality of its lossy tiles.</summary>
    public LossyQuality Quality { get; private set; }

    /// <summary>The area that is a video encoder's; empty when none is.</summary>
    public PixelRect VideoArea { get; private set; }

    /// <summary>Whether it changed in the frame prepared last.</summary>
    public bool HasVideo { get; private set; }

    /// <summary>Whether something lossy was planned since <see cref="ForgetLoss"/>.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Whether tiles wait for the link to have room.</summary>
    public bool HasPutOff => putOffCount > 0;

    public void ForgetLoss() => HasLost = false;

    /// <summary>Plans a frame; false when nothing of it need be sent. <paramref name="kept"/> is the frame planned before, null to begin an epoch.</summary>
    public bool Prepare(ScreenFrame? kept, ScreenFrame frame, PictureWish wish, PictureRegion region, InexactBlocks inexact, double budgetBytes, long microseconds)
    {
        if (kept is null) Reset(frame.Size);
        if (!FindDamage(kept, frame, region)) return false;
        Classes.Reset(frame.Size);
        Tiles.Reset(frame.Size);
        vectorCount = 0;
        settling = 0;
        if (kept is not null && !ReferenceEquals(kept, frame)) FollowMotion(kept, frame);
        classifier.Classify(ReferenceEquals(kept, frame) ? null : kept, frame, damage, Classes, microseconds, Tiles.Kinds);
        bool anyLossy = false;
        for (int tile = 0; tile < Tiles.Kinds.Length; tile++)
        {
            if (Tiles.Kinds[tile] != TileKind.NaturalLossy) continue;
            if (wish.Lossless) Tiles.Kinds[tile] = TileKind.NaturalLossless;
            else anyLossy = true;
        }

        NoteChanges(microseconds);
        videoAreas.Update(Tiles.Kinds, Classes, microseconds);
        if (kept is not null) MotionFill.Apply(kept, frame, Vectors, region, inexact, Classes);
        VideoArea = wish.Lossless || wish.VideoFormat.Length == 0 ? default : Largest(region);
        HasVideo = TakeVideo();
        CoderChoice.Apply(frame, Classes, Tiles);
        macroblocks = 0;
        Quality = LossyQuality.Q50_420;
        if (anyLossy && !SendExactly(budgetBytes)) FitLossy(wish, inexact, budgetBytes);
        return UpdatePutOff() || HasVideo;
    }

    /// <summary>Plans a step of settling; false when nothing is due.</summary>
    public bool PrepareSettling(ScreenFrame frame, PictureRegion region, InexactBlocks inexact, int stepBytes, long microseconds)
    {
        if (settle.DueIn(inexact, region, microseconds) is not 0) return false;
        Classes.Reset(frame.Size);
        Tiles.Reset(frame.Size);
        vectorCount = 0;
        macroblocks = 0;
        HasVideo = false;
        Quality = LossyQuality.Q50_420;
        settling = settle.Choose(inexact, region, frame.Cursor, microseconds, stepBytes, Classes, Tiles);
        UpdatePutOff();
        return settling > 0;
    }

    /// <summary>Microseconds until <see cref="PrepareSettling"/> has something to do; null when everything is exact.</summary>
    public long? SettlingDueIn(InexactBlocks inexact, PictureRegion region, long microseconds) => settle.DueIn(inexact, region, microseconds);

    /// <summary>The frame prepared last was encoded; its natural tiles took this many bytes.</summary>
    public void Learn(int lossyBytes, int losslessBytes)
    {
        if (settling > 0) settle.Learn(settling, losslessBytes);
        else budget.Learn(Quality, macroblocks, lossyBytes);
    }

    private void Reset(PixelSize size)
    {
        putOff.Reset(size);
        putOffCount = 0;
        classifier.Reset(size);
        settle.Reset(size);
        budget.Reset();
        videoAreas.Reset(size);
        HasLost = false;
    }

    private bool FindDamage(ScreenFrame? kept, ScreenFrame frame, PictureRegion region)
    {
        damage.Reset(frame.Size);
        if (kept is null) damage.SetAll();
        else if (!ReferenceEquals(kept, frame)) DamageScan.Compare(kept, frame, damage);
        bool any = false;
        for (int row = 0; row < damage.Rows; row++)
        {
            Span<byte> bits = damage.Row(row);
            if (row < region.FirstRow || row >= region.EndRow)
            {
                bits.Clear();
                continue;
            }

            if (putOffCount > 0)
            {
                ReadOnlySpan<byte> waiting = putOff.Row(row);
                for (int i = 0; i < bits.Length; i++) bits[i] |= waiting[i];
            }

            if (region.FirstColumn > 0 || region.EndColumn < damage.Columns) damage.KeepColumns(row, region.FirstColumn, region.EndColumn);
            any |= bits.ContainsAnyExcept((byte)0);
        }

        return any;
    }

    private void FollowMotion(ScreenFrame kept, ScreenFrame frame)
    {
        ReadOnlySpan<MotionVector> found = motion.Find(kept, frame, damage, frame.Moves);
        if (found.IsEmpty) return;
        found.CopyTo(vectors);
        vectorCount = found.Length;
        motion.Mark(kept, frame, damage, found, Classes);
        if (putOffCount > 0) DropCopiesOfPutOff();
    }

    /// <summary>The viewer has something older where a block was put off; that must not be copied.</summary>
    private void DropCopiesOfPutOff()
    {
        for (int row = 0; row < Classes.Rows; row++)
        {
            Span<BlockClass> blocks = Classes.Row(row);
            for (int column = 0; column < blocks.Length; column++)
            {
                int vector = blocks[column] - BlockClass.Copy0;
                if (vector is < 0 or > 3) continue;
                PixelRect block = TileGrid.Block(Classes.Size, column, row);
                int x = block.X + vectors[vector].Dx, y = block.Y + vectors[vector].Dy;
                int endColumn = (x + block.Width - 1) / BlockMap.Side, endRow = (y + block.Height - 1) / BlockMap.Side;
                for (int r = y / BlockMap.Side; r <= endRow; r++)
                    for (int c = x / BlockMap.Side; c <= endColumn; c++)
                        if (putOff[c, r]) blocks[column] = BlockClass.Skip;
            }
        }
    }

    private void NoteChanges(long microseconds)
    {
        for (int row = 0; row < Classes.Rows; row++)
        {
            if (!Classes.IsAnyMarked(row, row + 1)) continue;
            ReadOnlySpan<BlockClass> blocks = Classes.Row(row);
            int firstTile = row / TileGrid.BlocksPerSide * Tiles.Columns;
            for (int column = 0; column < blocks.Length; column += TileGrid.BlocksPerSide)
            {
                ReadOnlySpan<BlockClass> inTile = blocks[column..Math.Min(column + TileGrid.BlocksPerSide, blocks.Length)];
                if (inTile.ContainsAnyExcept(BlockClass.Skip)) settle.Note(firstTile + column / TileGrid.BlocksPerSide, microseconds);
            }
        }
    }

    private PixelRect Largest(PictureRegion region)
    {
        PixelRect largest = default;
        foreach (PixelRect area in videoAreas.Areas)
            if (area.Area > largest.Area && region.Contains(area)) largest = area;
        return largest;
    }

    /// <summary>The video area's blocks are nobody else's; whether one of them changed.</summary>
    private bool TakeVideo()
    {
        bool changed = false;
        for (int row = VideoArea.Y / BlockMap.Side; row < TileGrid.BlocksAcross(VideoArea.Bottom); row++)
        {
            Span<BlockClass> blocks = Classes.Row(row)[(VideoArea.X / BlockMap.Side)..TileGrid.BlocksAcross(VideoArea.Right)];
            changed |= blocks.ContainsAnyExcept(BlockClass.Skip);
            blocks.Clear();
        }

        HasLost |= changed;
        return changed;
    }

    /// <summary>
    /// A little of a photo, uncovered or scrolled in, goes without loss at once where that takes the link no time: otherwise it would be coded twice. Video never.
    /// </summary>
    private bool SendExactly(double bytes)
    {
        if (double.IsPositiveInfinity(bytes)) return false;
        int blocks = 0;
        for (int tile = 0; tile < Tiles.Kinds.Length; tile++)
        {
            if (Tiles.Kinds[tile] != TileKind.NaturalLossy) continue;
            if (classifier.IsVideo(tile)) return false;
            blocks += System.Numerics.BitOperations.PopCount(TileMask.Natural(Classes, tile % Tiles.Columns, tile / Tiles.Columns));
            if (blocks > MostExactBlocks || settle.BytesFor(blocks) > bytes * ExactShare) return false;
        }

        Tiles.Kinds.Replace(TileKind.NaturalLossy, TileKind.NaturalLossless);
        return true;
    }

    /// <summary>Chooses the quality; when even the lowest is too much, puts tiles off whose blocks the viewer has only inexactly anyway, in turn.</summary>
    private void FitLossy(PictureWish wish, InexactBlocks inexact, double bytes)
    {
        HasLost = true;
        for (int tile = 0; tile < Tiles.Kinds.Length; tile++)
            if (Tiles.Kinds[tile] == TileKind.NaturalLossy) macroblocks += Macroblocks(tile);
        Quality = budget.Choose(macroblocks, bytes, wish.Quality);
        int fitting = Math.Max(budget.Fitting(bytes, Quality), 16);
        if (macroblocks <= fitting) return;
        int count = Tiles.Kinds.Length, planned = 0, begin = firstLossyTile % count;
        for (int i = 0; i < count; i++)
        {
            int tile = (begin + i) % count;
            if (Tiles.Kinds[tile] != TileKind.NaturalLossy) continue;
            int cost = Macroblocks(tile);
            if (planned + cost <= fitting || !CanWait(tile, inexact))
            {
                planned += cost;
                firstLossyTile = tile + 1;
                continue;
            }

            PutOff(tile);
        }

        macroblocks = planned;
    }

    private int Macroblocks(int tile) =>
        System.Numerics.BitOperations.PopCount(TileMask.Macroblocks(TileMask.Natural(Classes, tile % Tiles.Columns, tile / Tiles.Columns)));

    private bool CanWait(int tile, InexactBlocks inexact)
    {
        (int firstColumn, int endColumn, int firstRow, int endRow) = BlocksOf(tile);
        for (int row = firstRow; row < endRow; row++)
            for (int column = firstColumn; column < endColumn; column++)
                if (Classes.Row(row)[column] == BlockClass.Natural && !inexact.IsInexact(column, row)) return false;
        return true;
    }

    private void PutOff(int tile)
    {
        Tiles.Kinds[tile] = TileKind.None;
        (int firstColumn, int endColumn, int firstRow, int endRow) = BlocksOf(tile);
        for (int row = firstRow; row < endRow; row++)
        {
            Span<BlockClass> blocks = Classes.Row(row);
            for (int column = firstColumn; column < endColumn; column++)
            {
                if (blocks[column] != BlockClass.Natural) continue;
                blocks[column] = BlockClass.Skip;
                if (putOff[column, row]) continue;
                putOff.Set(column, row);
                putOffCount++;
            }
        }
    }

    /// <summary>What is sent now waits no longer; true when anything is sent.</summary>
    private bool UpdatePutOff()
    {
        bool any = false;
        for (int row = 0; row < Classes.Rows; row++)
        {
            ReadOnlySpan<BlockClass> blocks = Classes.Row(row);
            if (!blocks.ContainsAnyExcept(BlockClass.Skip)) continue;
            any = true;
            for (int column = 0; column < blocks.Length && putOffCount > 0; column++)
            {
                if (blocks[column] == BlockClass.Skip || !putOff[column, row]) continue;
                putOff.Clear(column, row);
                putOffCount--;
            }
        }

        return any;
    }

    private (int FirstColumn, int EndColumn, int FirstRow, int EndRow) BlocksOf(int tile)
    {
        int column = tile % Tiles.Columns * TileGrid.BlocksPerSide, row = tile / Tiles.Columns * TileGrid.BlocksPerSide;
        return (column, Math.Min(column + TileGrid.BlocksPerSide, Classes.Columns), row, Math.Min(row + TileGrid.BlocksPerSide, Classes.Rows));
    }
}
