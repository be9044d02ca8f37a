using System.Globalization;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The strip of the lock screen with real pixels, on a desktop of which the test says whose it is.</summary>
[Collection(OneDesktop.Name)]
public sealed class LockScreenStripTests : IAsyncDisposable
{
    private static readonly BannerWords Watched = new("Grace Hopper sees your screen and can control this computer", "Since 14:05", IsWatched: true), Idle = new("Grace Hopper is connected", "Since 14:05", IsWatched: false);

    private readonly FakeDesktop desktop = new();
    private readonly LockScreenStrip strip;
    private int stops;

    public LockScreenStripTests() => strip = new LockScreenStrip(
        new WindowsSurfaceOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), Scale = 1, HighContrast = false },
        () =>
        {
            Interlocked.Increment(ref desktop.Threads);
            return desktop;
        },
        () => Interlocked.Increment(ref stops));

    public ValueTask DisposeAsync() => strip.DisposeAsync();

    [Fact]
    public async Task Locked_SomebodyIsConnected_StripAndFrameAreOnTheScreenAndSaidToBe()
    {
        Wine.Require();
        await ShownAsync(null);
        Assert.Empty(strip.Looks);

        await ShownAsync(Watched);

        BannerLook look = Assert.Single(strip.Looks);
        Assert.Equal(Watched, look.Words);
        Assert.True(look.Details.IsEmpty || look.Details is { Width: 0 });
        await PaperAsync(Palette.Normal.Watched, look.Area);
        await ShownAsync(Idle);
        await PaperAsync(Palette.Normal.Unwatched, Assert.Single(strip.Looks).Area);

        await ShownAsync(null);
        await Eventually.Is(() => strip.Looks.Count == 0, "the strip is gone");
        _ = await XSide.PictureAsync(static screen => At(screen, 1, 400) != Palette.Normal.Unwatched, "nothing of it is left on the screen");
    }

    [Fact]
    public async Task Unlocked_TheUsersDesktop_IsTheSurfaces()
    {
        Wine.Require();
        await ShownAsync(Watched);

        desktop.Place = StripPlace.Users;

        Assert.False(await ShowAsync(Watched));
        await Eventually.Is(() => strip.Looks.Count == 0, "the strip is gone");
        _ = await XSide.PictureAsync(static screen => At(screen, 1, 400) != Palette.Normal.Watched, "nothing of it is left on the screen");
        Assert.False(await ShowAsync(null));
        Assert.Equal(1, desktop.Threads);
        // And locked again.
        desktop.Place = StripPlace.Systems;
        await ShownAsync(Watched);
    }

    [Fact]
    public async Task Switch_ToAnotherDesktop_IsFollowedByAnotherThreadAndNotShownBetween()
    {
        Wine.Require();
        await ShownAsync(Watched);
        desktop.Place = StripPlace.Left;

        Assert.False(await ShowAsync(Watched));
        _ = await XSide.PictureAsync(static screen => At(screen, 1, 400) != Palette.Normal.Watched, "nothing of it is left on the screen");

        desktop.Place = StripPlace.Systems;
        await ShownAsync(Watched);
        Assert.True(desktop.Threads >= 2);
        Assert.Equal(desktop.Threads - 1, desktop.Disposed);
    }

    [Fact]
    public async Task Enter_Refused_IsNotShownAndTriedAgain()
    {
        Wine.Require();
        desktop.Refuses = true;
        Assert.False(await ShowAsync(Watched));
        Assert.False(await ShowAsync(Watched));

        desktop.Refuses = false;

        await ShownAsync(Watched);
    }

    [Fact]
    public async Task Covered_WithoutEnd_IsNotShown()
    {
        Wine.Require();
        await ShownAsync(Watched);
        await using (await Rival.StartAsync(strip.Looks[0].Area))
        {
            await Eventually.Is(() => !ShowAsync(Watched).GetAwaiter().GetResult(), "it is said that the strip is covered");
        }

        await ShownAsync(Watched);
    }

    [Fact]
    public async Task Stop_ByAPersonsClick_IsTold_AndByAnInjectedOneNot()
    {
        Wine.Require();
        await ShownAsync(Watched);
        PixelRect button = strip.Looks[0].Stop;
        (int x, int y) = SurfaceScene.Middle(button);
        for (int i = 0; i < 3; i++)
        {
            Prank.Move(x, y);
            Prank.Click();
        }
        _ = Prank.PostMessageW((nint)strip.Looks[0].Window, User32Message.LeftDown, 1, (nint)(((y - strip.Looks[0].Area.Y) << 16) | (x - strip.Looks[0].Area.X)));
        _ = Prank.PostMessageW((nint)strip.Looks[0].Window, User32Message.LeftUp, 0, (nint)(((y - strip.Looks[0].Area.Y) << 16) | (x - strip.Looks[0].Area.X)));
        await Eventually.Never(() => stops > 0, "a program stopped at the lock screen");

        await SurfaceScene.PersonClicksAsync(button);

        await Eventually.Is(() => stops == 1, "the person's click is told");
    }

    /// <summary>The real seam. Wine has no lock screen and names its one desktop otherwise than Windows, which is as good as locked.</summary>
    [Fact]
    public async Task Desktop_OfThisSession_HasTheKeyboardAndIsKnownByItsName()
    {
        Wine.Require();
        StripPlace place = StripPlace.Left;
        bool hasEntered = false;
        (bool IsUsers, bool IsLoggedOn) said = default;
        Thread thread = new(() =>
        {
            using StripDesktop real = new(TimeProvider.System);
            hasEntered = real.Enter();
            place = real.Look();
            said = (PersonsDesktop.IsUsers(), PersonsDesktop.IsLoggedOn());
        });
        thread.Start();
        thread.Join();

        Assert.True(hasEntered);
        Assert.True(said.IsLoggedOn);
        Assert.False(said.IsUsers, "Wine has a desktop named Default now: the strip is to be tried there as on a user's.");
        Assert.Equal(StripPlace.Systems, place);
        await using LockScreenStrip shown = LockScreenStrip.OfThisSession(CultureInfo.InvariantCulture, TimeProvider.System, static () => { });
        await ShownAsync(shown, Watched);
    }

    /// <summary>To be looked at, as <see cref="SurfacePictures"/>.</summary>
    [Fact(Explicit = true)]
    public async Task Locked_Picture_IsTaken()
    {
        Wine.Require();
        await ShownAsync(Watched);
        await SurfacePictures.Take(new PixelRect(0, 0, 1280, 300), "windows-lock-screen");
    }

    private Task ShownAsync(BannerWords? words) => ShownAsync(strip, words);

    /// <summary>As the agent does, which asks again: a machine that is busy for half a second has not shown it yet.</summary>
    private static Task ShownAsync(LockScreenStrip strip, BannerWords? words) =>
        Eventually.Is(() => strip.ShowAsync(words, TestContext.Current.CancellationToken).WaitAsync(Eventually.Limit).GetAwaiter().GetResult(), "it is said to be shown");

    private Task<bool> ShowAsync(BannerWords? words) => strip.ShowAsync(words, TestContext.Current.CancellationToken).WaitAsync(Eventually.Limit);

    private static async Task PaperAsync(uint colour, PixelRect strip) => _ = await XSide.PictureAsync(
        screen => Array.TrueForAll([(strip.X + 4, strip.Y + 4), (1, 400), (screen.Size.Width - 2, 400), (400, screen.Size.Height - 2)], ((int X, int Y) place) => At(screen, place.X, place.Y) == colour), $"the strip and the edges are {colour:x6}");

    private static uint At(XwdPicture screen, int x, int y) => screen.Pixels[(y * screen.Size.Width) + x] & 0xffffff;

    private sealed class FakeDesktop : IStripDesktop
    {
        public int Threads, Disposed;

        private volatile int place = (int)StripPlace.Systems;

        public StripPlace Place
        {
            set => place = (int)value;
        }

        public volatile bool Refuses;

        public bool Enter() => !Refuses;

        public StripPlace Look() => (StripPlace)place;

        public void Dispose() => Interlocked.Increment(ref Disposed);
    }
}
