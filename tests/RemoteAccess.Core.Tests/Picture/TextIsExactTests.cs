using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>The promise that text is exact in every frame, on recordings of real applications.</summary>
public sealed class TextIsExactTests
{
    /// <summary>Nothing but text and drawings is on these, so nothing may ever be lossy, at whatever rate they change and whatever the link carries.</summary>
    [Theory]
    [InlineData("term", 1)]
    [InlineData("editor", 1)]
    [InlineData("term", 10)]
    [InlineData("editor", 10)]
    public void Recording_OfTextAlone_IsExactAfterEveryFrame(string name, int faster)
    {
        using var pair = new CodecPair();
        RecordedFrames recorded = RecordedFrames.Open(name);
        for (int round = 0; round < Wine.Or(3, 1); round++)
        {
            int frame = 0;
            foreach (ScreenFrame shown in recorded.Read().Take(Wine.Or(recorded.Count, 8)))
            {
                pair.Now += 33_000 / faster;
                pair.Budget = frame++ % 2 == 0 ? 500 : double.PositiveInfinity;
                pair.Show(shown);
                pair.AssertAgree();
                Assert.True(pair.IsExact, $"round {round}, frame {frame}");
            }

            // The round begins again with a picture that differs everywhere.
            pair.RequestEpoch();
        }
    }

    /// <summary>
    /// A document and a page of text with photographs between, windows of text over one: nothing is ever lossy but what is seen to be photograph. Where that is was looked up by eye: in the
    /// tenth frame of the document, its photograph of a cup.
    /// </summary>
    [Theory]
    [InlineData("report", 1)]
    [InlineData("web", 1)]
    [InlineData("desktop", 1)]
    [InlineData("report", 10)]
    [InlineData("web", 10)]
    [InlineData("desktop", 10)]
    public void Recording_OfTextWithPhotographs_LosesNothingOfTheText(string name, int faster)
    {
        using var pair = new CodecPair();
        int frame = 0;
        foreach (ScreenFrame shown in RecordedFrames.Open(name).Read().Take(Wine.Or(int.MaxValue, 10)))
        {
            pair.Now += 33_000 / faster;
            pair.Budget = frame % 2 == 0 ? 500 : double.PositiveInfinity;
            pair.Show(shown);
            PixelRect cup = (name, frame++) == ("report", 9) ? new PixelRect(43, 313, 479, 87) : default;
            for (int tile = 0; tile < pair.Plan.Tiles.Kinds.Length; tile++)
            {
                PixelRect area = TileGrid.Tile(shown.Size, tile % pair.Plan.Tiles.Columns, tile / pair.Plan.Tiles.Columns);
                if (pair.Plan.Tiles.Kinds[tile] == TileKind.NaturalLossy) Assert.Equal(area, area.Intersect(cup));
            }
        }
    }

    /// <summary>Photographs and video are on these: what is said to be exact is, and all of it is a moment after it stands still.</summary>
    [Theory]
    [InlineData("report")]
    [InlineData("web")]
    [InlineData("desktop")]
    [InlineData("photo")]
    [InlineData("video")]
    public void Recording_OfAnything_AgreesAndSettles(string name)
    {
        using var pair = new CodecPair();
        ScreenFrame? last = null;
        foreach (ScreenFrame shown in RecordedFrames.Open(name).Read().Take(Wine.Or(int.MaxValue, 8)))
        {
            pair.Now += 33_000;
            pair.Show(shown);
            pair.AssertAgree();
            last = shown;
        }

        pair.Settle();
        Assert.True(pair.IsExact);
        Assert.True(last!.Pixels.SequenceEqual(pair.Picture.Pixels));
    }
}
