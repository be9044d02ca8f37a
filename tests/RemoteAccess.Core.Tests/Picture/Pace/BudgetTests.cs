using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>A film beside text over links that carry less and less: the film gives way, in quality and then in rate; text never does.</summary>
public sealed class BudgetTests : IDisposable
{
    private static readonly PixelSize Size = new(448, 320);
    private static readonly PixelRect Film = new(128, 64, 320, 256), Text = new(0, 0, 96, 320);

    private readonly CodecPair pair = new();
    private DrawnFrame shown = new(Size);
    private int count;

    public void Dispose() => pair.Dispose();

    [Fact]
    public void Budget_LessAndLess_LowersQualityFirst()
    {
        Play(60, double.PositiveInfinity);
        pair.Wish = pair.Wish with { Quality = LossyQuality.Q90_444 };
        List<LossyQuality> qualities = [];
        foreach (int budget in (ReadOnlySpan<int>)[200_000, 11_000, 6_000, 3_500])
        {
            Play(30, budget);
            qualities.Add(pair.Plan.Quality);
            TestContext.Current.TestOutputHelper?.WriteLine($"{budget}: {pair.Plan.Quality}, {pair.Encoder.LossyBytes} bytes, {pair.Plan.HasPutOff}");
            Assert.InRange(pair.Encoder.LossyBytes, 1, budget * 1.15);
            Assert.False(pair.Plan.HasPutOff);
        }

        Assert.Equal(qualities.OrderDescending(), qualities);
        Assert.Equal((LossyQuality.Q90_444, LossyQuality.Q50_420), (qualities[0], qualities[^1]));
    }

    [Fact]
    public void Budget_TooLittleForAny_TilesTakeTurnsAndTextIsThereAtOnce()
    {
        Play(60, double.PositiveInfinity);
        int[] changed = new int[5 * 7];
        for (int frame = 0; frame < 40; frame++)
        {
            byte[] before = pair.Picture.Pixels.ToArray();
            Play(1, 1500);
            Assert.InRange(pair.Encoder.LossyBytes, 1, 3000);
            Assert.True(pair.Plan.HasPutOff);
            for (int tile = 0; tile < changed.Length; tile++)
                if (Differs(before, TileGrid.Tile(Size, tile % 7, tile / 7))) changed[tile]++;
        }

        // Twenty tiles of film, some three of which fit: each came several times, none always.
        for (int tile = 0; tile < changed.Length; tile++)
            if (!TileGrid.Tile(Size, tile % 7, tile / 7).Intersect(Film).IsEmpty) Assert.InRange(changed[tile], 3, 20);
        // What was put off comes first, and has to stand still in turn.
        pair.Settle();
        pair.Settle();
        Assert.Equal(shown.Packed(), pair.Picture.Pixels.ToArray());
    }

    /// <summary>Of tiles that were put off the viewer has an older frame; what moved is taken from those that it has, and the rest is sent.</summary>
    [Fact]
    public void Budget_FilmMovesWhilePartOfItIsPutOff_NothingOldIsCopied()
    {
        Play(60, double.PositiveInfinity);
        for (int round = 0; round < 5; round++)
        {
            Play(3, 1500);
            Assert.True(pair.Plan.HasPutOff);
            DrawnFrame moved = shown.CopyWith(Film);
            PixelRect from = Film with { Y = Film.Y + 16, Height = Film.Height - 16 };
            for (int y = from.Y; y < from.Bottom; y++)
                shown.Pixels.Slice(y * shown.Stride + from.X * 4, from.Width * 4).CopyTo(moved.Writable[((y - 16) * moved.Stride + from.X * 4)..]);
            moved.Told = [new ScreenMove(Film with { Height = Film.Height - 16 }, 0, 16)];
            shown = moved;
            pair.Now += 40_000;
            pair.Budget = double.PositiveInfinity;
            pair.Show(moved);

            pair.AssertAgree();
            Assert.False(pair.Plan.HasPutOff);
            TestContext.Current.TestOutputHelper?.WriteLine($"{pair.Apart} {pair.Plan.Classes.Count(BlockClass.Copy0)} {pair.Plan.Classes.Count(BlockClass.Natural)}");
            Assert.True(pair.Plan.Classes.Count(BlockClass.Copy0) > 100);
            Assert.InRange(pair.Apart.Most, 0, 12);
        }
    }

    private bool Differs(byte[] before, PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            int at = y * pair.Picture.Stride + area.X * 4;
            if (!pair.Picture.Pixels.Slice(at, area.Width * 4).SequenceEqual(before.AsSpan(at, area.Width * 4))) return true;
        }

        return false;
    }

    /// <summary>Frames of the film at 25 Hz, and new text in each; after each the text is the computer's.</summary>
    private void Play(int frames, double budget)
    {
        for (int i = 0; i < frames; i++)
        {
            DrawnFrame next = shown.CopyWith(Film, Text);
            PaintedContent.Photo(next, Film, 5, 0.4 * ++count);
            PaintedContent.Letters(next, Text, count);
            pair.Now += 40_000;
            pair.Budget = budget;
            pair.Show(next);
            pair.AssertAgree();
            shown = next;
            for (int row = 0; row < 40; row++)
                for (int column = 0; column < 12; column++) Assert.False(pair.Decoder.Inexact.IsInexact(column, row));
        }
    }
}
