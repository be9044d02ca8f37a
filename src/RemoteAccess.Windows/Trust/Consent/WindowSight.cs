using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// Whether all of a window can be seen and used. Windows tells nobody when that ends, so it is to be asked often, and whenever something depends on
/// it. On the window's thread.
/// </summary>
internal sealed unsafe class WindowSight
{
    /// <summary>More windows than this above one are not gone through: then it is not in view.</summary>
    private const int MostAbove = 512;

    private readonly nint window;
    private readonly nint style, extendedStyle;

    /// <summary>Takes the window's styles as they are for those it is to keep: visible, not minimised, not disabled, not transparent, topmost.</summary>
    public WindowSight(nint window, PixelRect area)
    {
        this.window = window;
        Area = area;
        style = User32Window.GetWindowLongPtrW(window, User32Window.StyleIndex);
        extendedStyle = User32Window.GetWindowLongPtrW(window, User32Window.ExtendedStyleIndex);
    }

    /// <summary>Where it is to stand.</summary>
    public PixelRect Area { get; set; }

    /// <summary>Whether somebody has made it a part of a window of their own.</summary>
    public bool IsTaken => User32Window.GetAncestor(window, User32Window.ParentOf) != User32Window.GetDesktopWindow();

    /// <summary>Nothing stands above it, and it is where and as it was made, on the desktop that has keyboard and mouse.</summary>
    public bool IsInFullView => IsAsMade && IsOnAMonitor && !IsCovered() && !Dwmapi.IsCloaked(window) && PersonsDesktop.HasInput();

    /// <summary>Where and as it was made.</summary>
    public bool IsAsMade
    {
        get
        {
            Rectangle place, region;
            return User32Window.GetWindowLongPtrW(window, User32Window.StyleIndex) == style && User32Window.GetWindowLongPtrW(window, User32Window.ExtendedStyleIndex) == extendedStyle
                && User32Window.GetWindowRect(window, &place) != 0 && place.ToPixels() == Area && User32Window.GetWindowRgnBox(window, &region) == 0;
        }
    }

    /// <summary>As a whole, and on one.</summary>
    private bool IsOnAMonitor
    {
        get
        {
            MonitorInfo place = new() { Size = (uint)sizeof(MonitorInfo) };
            return User32Screen.GetMonitorInfoW(User32Desktop.MonitorFromWindow(window, 0), &place) != 0 && place.Monitor.ToPixels().Intersect(Area) == Area;
        }
    }

    /// <summary>Back on top, where and as it was made.</summary>
    public void PutBack()
    {
        if (!IsAsMade)
        {
            _ = User32Window.ShowWindow(window, User32Window.ShowWithoutFocus);
            _ = User32Window.EnableWindow(window, 1);
            _ = User32Window.SetWindowRgn(window, 0, 1);
            _ = User32Window.SetWindowLongPtrW(window, User32Window.StyleIndex, style);
            _ = User32Window.SetWindowLongPtrW(window, User32Window.ExtendedStyleIndex, extendedStyle);
        }
        _ = User32Window.SetWindowPos(window, User32Window.OnTop, Area.X, Area.Y, Area.Width, Area.Height, User32Window.NoActivate | User32Window.FrameChanged | User32Window.ShowIt);
    }

    /// <summary>By any visible window, however transparent: nobody knows what it shows.</summary>
    private bool IsCovered()
    {
        int seen = 0;
        for (nint above = User32Window.GetWindow(window, User32Window.Above); above != 0; above = User32Window.GetWindow(above, User32Window.Above))
        {
            if (++seen > MostAbove) return true;
            Rectangle place;
            if (User32Window.IsWindowVisible(above) == 0 || User32Window.GetWindowRect(above, &place) == 0 || place.ToPixels().Intersect(Area).IsEmpty) continue;
            if (!Dwmapi.IsCloaked(above)) return true;
        }
        return false;
    }
}
