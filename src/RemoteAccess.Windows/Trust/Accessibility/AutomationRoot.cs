using System.Runtime.InteropServices.Marshalling;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>A window for UI Automation, beside what the system tells of every window.</summary>
[GeneratedComClass]
internal sealed unsafe partial class AutomationRoot(AutomationWindow window) : AutomationPart(window), IElementProvider, IElementFragment, IElementFragmentRoot
{
    public override int GetHostProvider(nint* provider)
    {
        if (provider == null) return UiAutomation.NoPointer;
        *provider = 0;
        return Window.Shown is null ? UiAutomation.NotAvailable : UiAutomation.UiaHostProviderFromHwnd(Window.Handle, provider);
    }

    /// <summary>That of the window, which the system knows.</summary>
    public override int GetRuntimeId(nint* array)
    {
        if (array == null) return UiAutomation.NoPointer;
        *array = 0;
        return 0;
    }

    public int ElementProviderFromPoint(double x, double y, nint* fragment)
    {
        if (fragment == null) return UiAutomation.NoPointer;
        *fragment = 0;
        if (Window.Shown is not { } shown) return UiAutomation.NotAvailable;
        return shown.At(ToPixel(x), ToPixel(y)) is { } element ? Give(Window.PartOf(element), fragment) : 0;
    }

    public int GetFocus(nint* fragment)
    {
        if (fragment == null) return UiAutomation.NoPointer;
        *fragment = 0;
        if (Window.Shown is not { } shown) return UiAutomation.NotAvailable;
        return shown.IndexOf(shown.Focus) is >= 0 and var at ? Give(Window.PartOf(shown.Elements[at]), fragment) : 0;
    }

    protected override int Tell(ReadWindow shown, int property, ComVariant* value)
    {
        switch ((AutomationProperty)property)
        {
            case AutomationProperty.ControlType: *value = ComVariant.Create(UiAutomation.Window); break;
            case AutomationProperty.Name: *value = ComVariant.Create(shown.Name); break;
            case AutomationProperty.IsControlElement or AutomationProperty.IsContentElement: *value = ComVariant.Create(true); break;
            case AutomationProperty.IsDialog: *value = ComVariant.Create(shown.IsDialog); break;
            case AutomationProperty.FrameworkId: *value = ComVariant.Create("RemoteAccess"); break;
        }
        return 0;
    }

    protected override AutomationPart? Go(ReadWindow shown, AutomationDirection direction) => direction switch
    {
        AutomationDirection.FirstChild when shown.Elements.Count > 0 => Window.PartOf(shown.Elements[0]),
        AutomationDirection.LastChild when shown.Elements.Count > 0 => Window.PartOf(shown.Elements[^1]),
        _ => null,
    };

    protected override PixelRect? PlaceIn(ReadWindow shown) => shown.Area;

    /// <summary>A client may ask for any number, or none.</summary>
    private static int ToPixel(double place) => double.IsNaN(place) ? int.MinValue : (int)Math.Clamp(place, int.MinValue, int.MaxValue);
}
