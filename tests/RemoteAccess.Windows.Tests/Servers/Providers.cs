using System.Runtime.InteropServices.Marshalling;
using RemoteAccess.Interop;
using RemoteAccess.Trust;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>Calls a window's parts as UI Automation does: by the tables of methods of uiautomationcore.h.</summary>
internal static unsafe class Providers
{
    private const int NextSibling = 1, FirstChild = 3;

    /// <summary>All that is in a window, found from its root by going from one to the next.</summary>
    public static ComObject[] Of(AutomationWindow window)
    {
        using ComObject root = new(window.Root.Pointer(typeof(IElementFragment).GUID));
        List<ComObject> all = [];
        nint next = Go(root, FirstChild).Part;
        while (next != 0)
        {
            ComObject part = new(next);
            all.Add(part);
            next = Go(part, NextSibling).Part;
        }
        return [.. all];
    }

    public static int Navigate(ComObject part, int direction) => Go(part, direction).Result;

    public static int SetFocus(ComObject part)
    {
        using ComObject fragment = part.As(typeof(IElementFragment).GUID)!;
        return ((delegate* unmanaged<nint, int>)ComObject.Method(fragment.Pointer, 7))(fragment.Pointer);
    }

    public static int Place(ComObject part)
    {
        using ComObject fragment = part.As(typeof(IElementFragment).GUID)!;
        AutomationRectangle area;
        return ((delegate* unmanaged<nint, AutomationRectangle*, int>)ComObject.Method(fragment.Pointer, 5))(fragment.Pointer, &area);
    }

    public static (int Result, nint Pattern) Pattern(ComObject part, int pattern)
    {
        using ComObject simple = part.As(typeof(IElementProvider).GUID)!;
        nint given = -1;
        int result = ((delegate* unmanaged<nint, int, nint*, int>)ComObject.Method(simple.Pointer, 4))(simple.Pointer, pattern, &given);
        return (result, given);
    }

    public static (int Result, object? Value) Property(ComObject part, int property)
    {
        using ComObject simple = part.As(typeof(IElementProvider).GUID)!;
        ComVariant value = default;
        int result = ((delegate* unmanaged<nint, int, ComVariant*, int>)ComObject.Method(simple.Pointer, 5))(simple.Pointer, property, &value);
        using (value) return (result, ScreenReader.Value(value));
    }

    private static (int Result, nint Part) Go(ComObject part, int direction)
    {
        using ComObject fragment = part.As(typeof(IElementFragment).GUID)!;
        nint next = 0;
        int result = ((delegate* unmanaged<nint, int, nint*, int>)ComObject.Method(fragment.Pointer, 3))(fragment.Pointer, direction, &next);
        return (result, next);
    }
}
