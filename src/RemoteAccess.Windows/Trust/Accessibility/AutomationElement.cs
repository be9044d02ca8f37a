using System.Runtime.InteropServices.Marshalling;
using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>Something in a window for UI Automation.</summary>
/// <param name="window">The window.</param>
/// <param name="id">By which it is found in what the window shows.</param>
/// <param name="number">Its own, as long as the window lives.</param>
[GeneratedComClass]
internal sealed unsafe partial class AutomationElement(AutomationWindow window, string id, int number) : AutomationPart(window), IElementProvider, IElementFragment
{
    private const ushort Integers = 3;

    public override int GetHostProvider(nint* provider)
    {
        if (provider == null) return UiAutomation.NoPointer;
        *provider = 0;
        return 0;
    }

    public override int GetRuntimeId(nint* array)
    {
        if (array == null) return UiAutomation.NoPointer;
        nint made = UiAutomation.SafeArrayCreateVector(Integers, 0, 2);
        int first = 0, second = 1, append = UiAutomation.AppendRuntimeId, own = number;
        int result = UiAutomation.SafeArrayPutElement(made, &first, &append);
        *array = made;
        return result < 0 ? result : UiAutomation.SafeArrayPutElement(made, &second, &own);
    }

    protected override int Tell(ReadWindow shown, int property, ComVariant* value)
    {
        if (shown.IndexOf(id) is var at && at < 0) return UiAutomation.NotAvailable;
        ReadElement element = shown.Elements[at];
        switch ((AutomationProperty)property)
        {
            case AutomationProperty.ControlType: *value = ComVariant.Create((int)element.Role); break;
            case AutomationProperty.Name: *value = ComVariant.Create(element.Name); break;
            case AutomationProperty.AutomationId: *value = ComVariant.Create(element.Id); break;
            case AutomationProperty.HelpText when element.Help.Length > 0: *value = ComVariant.Create(element.Help); break;
            case AutomationProperty.AcceleratorKey when element.Key.Length > 0: *value = ComVariant.Create(element.Key); break;
            case AutomationProperty.HasKeyboardFocus: *value = ComVariant.Create(shown.HasKeyboard && shown.Focus == id); break;
            case AutomationProperty.IsKeyboardFocusable: *value = ComVariant.Create(element.TakesFocus); break;
            case AutomationProperty.IsEnabled: *value = ComVariant.Create(element.IsEnabled); break;
            case AutomationProperty.IsControlElement or AutomationProperty.IsContentElement: *value = ComVariant.Create(true); break;
            case AutomationProperty.IsPassword: *value = ComVariant.Create(element.IsPassword); break;
            case AutomationProperty.IsOffscreen: *value = ComVariant.Create(element.IsOutOfView); break;
            case AutomationProperty.ToggleState when element is { Role: ReadRole.Switch, IsOn: { } isOn }: *value = ComVariant.Create(isOn ? 1 : 0); break;
            case AutomationProperty.IsSelected when element is { Role: ReadRole.Page or ReadRole.Choice, IsOn: { } isOn }: *value = ComVariant.Create(isOn); break;
            case AutomationProperty.HeadingLevel when element.IsHeading: *value = ComVariant.Create(UiAutomation.HeadingOne); break;
            case AutomationProperty.LiveSetting when element.IsLive: *value = ComVariant.Create(UiAutomation.Polite); break;
        }
        return 0;
    }

    protected override AutomationPart? Go(ReadWindow shown, AutomationDirection direction) => (shown.IndexOf(id), direction) switch
    {
        (_, AutomationDirection.Parent) => Window.Root,
        ( >= 0 and var at, AutomationDirection.NextSibling) when at + 1 < shown.Elements.Count => Window.PartOf(shown.Elements[at + 1]),
        ( > 0 and var at, AutomationDirection.PreviousSibling) => Window.PartOf(shown.Elements[at - 1]),
        _ => null,
    };

    protected override PixelRect? PlaceIn(ReadWindow shown) => shown.IndexOf(id) is >= 0 and var at ? shown.PlaceOf(shown.Elements[at]) : null;
}
