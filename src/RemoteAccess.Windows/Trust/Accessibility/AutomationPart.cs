using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>
/// A part of a window, or the window, for UI Automation. It tells and does nothing: it has no pattern, so that there is nothing to invoke, toggle, select or fill in, and a client's
/// SetFocus is refused. Any program can be such a client, the one that a technician works included; whoever uses a screen reader answers with the keyboard, which is a device.
/// Called on threads of UI Automation's own: each call reads the window's last <see cref="ReadWindow"/>, which is immutable, and waits for nobody. After the window's end every call says that there
/// is no such element.
/// </summary>
internal abstract unsafe class AutomationPart(AutomationWindow window) : IElementProvider, IElementFragment
{
    private static readonly StrategyBasedComWrappers Wrappers = new();

    protected AutomationWindow Window => window;

    /// <summary>One more reference to this as an interface of COM; the caller's.</summary>
    public nint Pointer(Guid id)
    {
        nint unknown = Wrappers.GetOrCreateComInterfaceForObject(this, CreateComInterfaceFlags.None);
        using Interop.ComObject own = new(unknown);
        Marshal.ThrowExceptionForHR(Marshal.QueryInterface(unknown, in id, out nint found));
        return found;
    }

    public int GetProviderOptions(int* options)
    {
        if (options == null) return UiAutomation.NoPointer;
        // Not UseComThreading: that would bring the calls to the window's thread, which would then wait for each reader before it looks at itself.
        *options = UiAutomation.ServerSide;
        return 0;
    }

    /// <summary>None, whatever is asked for. See the remark on the class.</summary>
    public int GetPatternProvider(int pattern, nint* provider)
    {
        if (provider == null) return UiAutomation.NoPointer;
        *provider = 0;
        return 0;
    }

    public int GetPropertyValue(int property, ComVariant* value)
    {
        if (value == null) return UiAutomation.NoPointer;
        *value = default;
        if (window.Shown is not { } shown) return UiAutomation.NotAvailable;
        return Tell(shown, property, value);
    }

    public abstract int GetHostProvider(nint* provider);

    public int Navigate(int direction, nint* fragment)
    {
        if (fragment == null) return UiAutomation.NoPointer;
        *fragment = 0;
        if (window.Shown is not { } shown) return UiAutomation.NotAvailable;
        return Go(shown, (AutomationDirection)direction) is { } next ? Give(next, fragment) : 0;
    }

    public abstract int GetRuntimeId(nint* array);

    public int GetBoundingRectangle(AutomationRectangle* area)
    {
        if (area == null) return UiAutomation.NoPointer;
        *area = default;
        if (window.Shown is not { } shown || PlaceIn(shown) is not { } place) return UiAutomation.NotAvailable;
        *area = new AutomationRectangle { Left = place.X, Top = place.Y, Width = place.Width, Height = place.Height };
        return 0;
    }

    public int GetEmbeddedFragmentRoots(nint* array)
    {
        if (array == null) return UiAutomation.NoPointer;
        *array = 0;
        return 0;
    }

    /// <summary>Refused: the focus decides what Enter does, so that only the person's keyboard moves it.</summary>
    public int SetFocus() => UiAutomation.InvalidOperation;

    public int GetFragmentRoot(nint* root)
    {
        if (root == null) return UiAutomation.NoPointer;
        *root = window.Root.Pointer(typeof(IElementFragmentRoot).GUID);
        return 0;
    }

    /// <summary>Writes what a property is; leaves it empty for what is not known or not told.</summary>
    protected abstract int Tell(ReadWindow shown, int property, ComVariant* value);

    protected abstract AutomationPart? Go(ReadWindow shown, AutomationDirection direction);

    /// <summary>Pixels of the desktop; null when it is not there any more.</summary>
    protected abstract PixelRect? PlaceIn(ReadWindow shown);

    protected static int Give(AutomationPart part, nint* fragment)
    {
        *fragment = part.Pointer(typeof(IElementFragment).GUID);
        return 0;
    }
}

/// <summary>NavigateDirection.</summary>
internal enum AutomationDirection
{
    Parent,
    NextSibling,
    PreviousSibling,
    FirstChild,
    LastChild,
}

/// <summary>UI Automation's numbers of properties.</summary>
internal enum AutomationProperty
{
    ControlType = 30003,
    Name = 30005,
    AcceleratorKey = 30006,
    HasKeyboardFocus = 30008,
    IsKeyboardFocusable = 30009,
    IsEnabled = 30010,
    AutomationId = 30011,
    HelpText = 30013,
    IsControlElement = 30016,
    IsContentElement = 30017,
    IsPassword = 30019,
    IsOffscreen = 30022,
    FrameworkId = 30024,
    IsSelected = 30079,
    ToggleState = 30086,
    LiveSetting = 30135,
    HeadingLevel = 30173,
    IsDialog = 30174,
}
