using System.Globalization;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A surface on the desktop, with a person at the X server below it.</summary>
internal sealed class SurfaceScene : IAsyncDisposable
{
    private readonly SurfaceThread surface;
    private readonly ScriptedAgent? scripted;

    private SurfaceScene(SurfaceThread surface, ScriptedAgent? agent, string folder)
    {
        this.surface = surface;
        scripted = agent;
        Folder = folder;
    }

    public ScriptedAgent Agent => scripted ?? throw new InvalidOperationException("This surface is a real agent's.");

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

    public TrayLook Tray => surface.Tray;

    public AutomationWindow Automation => surface.Automation;

    public BannerLook Banner => Look.Banners[0];

    public SheetLook Window => Look.Window ?? throw new InvalidOperationException("The window is not open.");

    /// <summary>Opens it. Skips where a test has no hand that is a person's.</summary>
    public static async Task<SurfaceScene> OpenAsync(SurfaceStatus? status = null, bool withTour = false, bool openWindow = false, Func<WindowsSurfaceOptions, WindowsSurfaceOptions>? options = null)
    {
        ScriptedAgent agent = new();
        if (status is not null) agent.Say(status);
        SurfaceScene scene = await OpenAsync(agent, withTour, chosen =>
        {
            WindowsSurfaceOptions own = chosen with { TimeProvider = new ShiftedTime(ScriptedAgent.Began.AddMinutes(48)), OpenWindow = openWindow };
            return options is null ? own : options(own);
        });
        if (openWindow) await EnterAsync(() => scene.Look.Window);
        return scene;
    }

    /// <summary>Of an agent that is the caller's, on the system's clock.</summary>
    public static Task<SurfaceScene> OpenAsync(ISurfaceAgent agent) => OpenAsync(agent, withTour: false, static chosen => chosen);

    private static async Task<SurfaceScene> OpenAsync(ISurfaceAgent agent, bool withTour, Func<WindowsSurfaceOptions, WindowsSurfaceOptions> options)
    {
        Wine.Require();
        string folder = Directory.CreateTempSubdirectory("ra-surface-").FullName;
        string tour = Path.Combine(folder, "tour", "seen");
        if (!withTour)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tour)!);
            await File.WriteAllTextAsync(tour, "");
        }
        WindowsSurfaceOptions chosen = options(new WindowsSurfaceOptions { Culture = CultureInfo.GetCultureInfo("en-GB"), Zone = TimeZoneInfo.Utc, Scale = 1, HighContrast = false, TourFile = tour, ReportFolder = Path.Combine(folder, "reports") });
        SurfaceThread surface = new(agent, chosen);
        await surface.StartAsync(CancellationToken.None);
        return new SurfaceScene(surface, agent as ScriptedAgent, folder);
    }

    /// <summary>The person's mouse goes to a window: without a window manager X gives the keyboard to what is below it.</summary>
    public static async Task EnterAsync(Func<SheetLook?> window)
    {
        await Eventually.Is(() => window() is { IsActive: true, IsMapped: true }, "the window is there");
        PixelRect area = window()!.Area;
        await PersonMovesToAsync(area.X + 4, area.Bottom - 4);
    }

    /// <summary>What the person does: arguments of xdotool, whose input Wine takes for a device's.</summary>
    public static Task PersonAsync(params string[] act) => XSide.RunAsync("xdotool", act);

    public static Task PersonMovesToAsync(int x, int y) => PersonAsync("mousemove", Number(x), Number(y));

    public static async Task PersonClicksAsync(PixelRect area, string button = "1")
    {
        (int x, int y) = Middle(area);
        await PersonAsync("mousemove", Number(x + 3), Number(y + 3), "mousemove", Number(x), Number(y), "click", button);
    }

    /// <summary>Tabs of a person, as many as are between the focus and a control.</summary>
    public async Task FocusAsync(string control)
    {
        await Eventually.Is(() => Look is { TakesKeys: true, Window: not null } && Window.Controls.Any(one => one.Id == control), $"keys count, and there is {control}");
        string[] all = [.. Window.Controls.Select(one => one.Id)];
        int steps = (Array.IndexOf(all, control) - Array.IndexOf(all, Window.Focus) + all.Length) % all.Length;
        if (steps > 0) await PersonAsync([.. Enumerable.Repeat(new[] { "key", "Tab" }, steps).SelectMany(key => key)]);
        await Eventually.Is(() => Window.Focus == control, $"the focus is on {control}");
    }

    /// <summary>Goes to a control by keyboard and presses it.</summary>
    public async Task PressAsync(string control)
    {
        await FocusAsync(control);
        await PersonAsync("key", "Return");
    }

    public async Task GoAsync(string page)
    {
        await PressAsync($"page/{page}");
        await Eventually.Is(() => Window.Name == page, $"the page {page}");
    }

    public async Task<T> DoneAsync<T>()
        where T : SurfaceAction
    {
        await Eventually.Is(() => Agent.Done.OfType<T>().Any(), $"{typeof(T).Name} reaches the agent");
        return Agent.Done.OfType<T>().Single();
    }

    public Task IsSeenAsync() => Eventually.Is(() => Look.Banners.Count > 0 && Banner.IsSeen && ReferenceEquals(Agent.Seen, Agent.Status), "the strip is seen, and said to be");

    /// <summary>A control's place on the desktop.</summary>
    public PixelRect PlaceOf(string control)
    {
        PixelRect area = Window.Controls.Single(one => one.Id == control).Area;
        return area with { X = area.X + Window.Area.X, Y = area.Y + Window.Area.Y };
    }

    /// <summary>What the taskbar says when something happens at the icon.</summary>
    public void AtIcon(uint what, int x = 600, int y = 300) => Assert.NotEqual(0, Prank.PostMessageW(Tray.Window, User32Message.Application, (nuint)((y << 16) | x), (nint)((1 << 16) | what)));

    /// <summary>Where Wine shows icons: the inside of a window of its own, without a taskbar. The first is ours.</summary>
    public static unsafe PixelRect IconPlace()
    {
        nint tray = Win32.FindWindowW("Shell_TrayWnd", null);
        Point corner = default;
        return tray != 0 && User32Window.IsWindowVisible(tray) != 0 && User32Window.ClientToScreen(tray, &corner) != 0 ? new PixelRect(corner.X, corner.Y, 20, 20) : default;
    }

    public void TakeBack() => surface.TakeBack();

    public static (int X, int Y) Middle(PixelRect area) => (area.X + (area.Width / 2), area.Y + (area.Height / 2));

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await surface.DisposeAsync();
        await surface.FinishAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The system's clock, set to a day of the test's.</summary>
    private sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
    {
        private readonly long began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(began);
    }
}
