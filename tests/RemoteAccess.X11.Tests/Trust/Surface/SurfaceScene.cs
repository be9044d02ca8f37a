using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// A surface on a display of its own. With a person, the display is a Xephyr on an Xvfb: what is done on the outer one comes from a device, what is done
/// on the inner one from a program.
/// </summary>
internal sealed class SurfaceScene : IAsyncDisposable
{
    private readonly SurfaceThread surface;
    private readonly XServer? outer;

    private SurfaceScene(XServer? outer, XServer inner, SurfaceThread surface, ScriptedAgent agent, string folder)
    {
        this.outer = outer;
        Inner = inner;
        this.surface = surface;
        Agent = agent;
        Folder = folder;
    }

    public XServer Inner { get; }

    public ScriptedAgent Agent { get; }

    /// <summary>A folder of this scene alone: reports, and the mark of the tour.</summary>
    public string Folder { get; }

    public Task Ended => surface.Ended;

    public SurfaceLook Look
    {
        get
        {
            if (surface.Ended.IsFaulted) surface.Ended.GetAwaiter().GetResult();
            return surface.Look;
        }
    }

    public BannerLook Banner => Look.Banners[0];

    public SheetLook Window => Look.Window ?? throw new InvalidOperationException("The window is not open.");

    public static async Task<SurfaceScene> OpenAsync(SurfaceStatus? status = null, bool withPerson = false, string? windowManager = null, bool withTour = false, bool openWindow = false,
        Func<X11SurfaceOptions, X11SurfaceOptions>? options = null, string sessionBus = "", params string[] screen)
    {
        Programs.Require("Xvfb", "xdotool");
        if (withPerson) Programs.Require("Xephyr");
        XServer? outer = withPerson ? await XServer.StartXvfbAsync(1280, 1000) : null;
        XServer inner = withPerson ? await XServer.StartAsync("Xephyr", outer!.Display, ["-screen", "1100x900", "-nolisten", "tcp", "-noreset"]) : await XServer.StartXvfbAsync(1100, 900, 24, screen);
        if (windowManager is not null)
        {
            Programs.Require(windowManager);
            inner.Start(windowManager);
            await ManagesAsync(inner);
        }
        string folder = Directory.CreateTempSubdirectory("ra-surface-").FullName;
        string tour = Path.Combine(folder, "tour", "seen");
        if (!withTour)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tour)!);
            await File.WriteAllTextAsync(tour, "");
        }
        ScriptedAgent agent = new();
        if (status is not null) agent.Say(status);
        X11SurfaceOptions chosen = new()
        {
            Display = inner.Display, Culture = CultureInfo.GetCultureInfo("en-GB"), Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), Scale = 1, HighContrast = false,
            TimeProvider = new ShiftedTime(ScriptedAgent.Began.AddMinutes(48)), TourFile = tour, ReportFolder = Path.Combine(folder, "reports"), OpenWindow = openWindow, SessionBus = sessionBus,
        };
        SurfaceThread surface = new(agent, options is null ? chosen : options(chosen));
        await surface.StartAsync(CancellationToken.None);
        return new SurfaceScene(outer, inner, surface, agent, folder);
    }

    /// <summary>Waits for the window manager: it says so on the root window.</summary>
    private static async Task ManagesAsync(XServer server)
    {
        Programs.Require("xprop");
        while (!(await server.RunTextAsync("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")).Contains("window id", StringComparison.Ordinal)) await Task.Yield();
    }

    /// <summary>Gives a window the keyboard where there is no window manager: the pointer is in it.</summary>
    public async Task EnterAsync(Func<SheetLook?> window)
    {
        await Eventually.Is(() => window() is { IsActive: true, IsMapped: true }, "the window is there");
        PixelRect area = window()!.Area;
        await PersonAsync("mousemove", (area.X + 4).ToString(CultureInfo.InvariantCulture), (area.Bottom - 4).ToString(CultureInfo.InvariantCulture));
    }

    public Task PersonAsync(params string[] act) => (outer ?? throw new InvalidOperationException("There is no person in this scene.")).RunAsync("xdotool", act);

    /// <summary>Gives both displays a keyboard's layout, as a person's desktop has one.</summary>
    public async Task LayOutKeysAsync(string layout)
    {
        Programs.Require("setxkbmap");
        await outer!.RunAsync("setxkbmap", layout);
        await Inner.RunAsync("setxkbmap", layout);
    }

    public Task ProgramAsync(params string[] act) => Inner.RunAsync("xdotool", act);

    /// <summary>Keys of a person, one after another, each waited for by the focus that follows.</summary>
    public async Task FocusAsync(string control, string key = "Tab")
    {
        for (int i = 0; i < 60 && Window.Focus != control; i++)
        {
            string before = Window.Focus;
            await PersonAsync("key", key);
            await Eventually.Is(() => Window.Focus != before, $"the focus moves on from {before}");
        }
        Assert.Equal(control, Window.Focus);
    }

    /// <summary>Goes to a control by keyboard and presses it.</summary>
    public async Task PressAsync(string control)
    {
        await FocusAsync(control);
        await PersonAsync("key", "Return");
    }

    public async Task<T> DoneAsync<T>()
        where T : SurfaceAction
    {
        await Eventually.Is(() => Agent.Done.OfType<T>().Any(), $"{typeof(T).Name} reaches the agent");
        return Agent.Done.OfType<T>().Single();
    }

    public static string[] At(PixelRect area) =>
        [(area.X + (area.Width / 2)).ToString(CultureInfo.InvariantCulture), (area.Y + (area.Height / 2)).ToString(CultureInfo.InvariantCulture)];

    public void TakeBack() => surface.TakeBack();

    public async ValueTask DisposeAsync()
    {
        await surface.DisposeAsync();
        await surface.FinishAsync();
        await Inner.DisposeAsync();
        if (outer is not null) await outer.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The system's clock, set to a day of the test's.</summary>
    private sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
    {
        private readonly long began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(began);
    }
}
