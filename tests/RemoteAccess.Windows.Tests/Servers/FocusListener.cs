using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>IUIAutomationFocusChangedEventHandler.</summary>
[GeneratedComInterface, Guid("c270f6b5-5c69-4290-9745-7a7f97169468")]
internal partial interface IFocusHandler
{
    [PreserveSig] int HandleFocusChanged(nint element);
}

/// <summary>A client of UI Automation that is told of the focus.</summary>
[GeneratedComClass]
internal sealed unsafe partial class FocusListener : IFocusHandler, IDisposable
{
    private static readonly StrategyBasedComWrappers Wrappers = new();
    private readonly ComObject automation = ScreenReader.Create();
    private nint handler;

    /// <summary>The ids of what had the focus, one after another.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public static FocusListener Start()
    {
        FocusListener listener = new();
        using ComObject unknown = new(Wrappers.GetOrCreateComInterfaceForObject(listener, CreateComInterfaceFlags.None));
        Marshal.ThrowExceptionForHR(Marshal.QueryInterface(unknown.Pointer, typeof(IFocusHandler).GUID, out listener.handler));
        Marshal.ThrowExceptionForHR(((delegate* unmanaged<nint, nint, nint, int>)ComObject.Method(listener.automation.Pointer, 39))(listener.automation.Pointer, 0, listener.handler));
        return listener;
    }

    public int HandleFocusChanged(nint element)
    {
        _ = Marshal.AddRef(element);
        using ComObject focused = new(element);
        Heard.Enqueue(ScreenReader.Property(focused, 30011) as string ?? "");
        return 0;
    }

    public void Dispose()
    {
        _ = ((delegate* unmanaged<nint, nint, int>)ComObject.Method(automation.Pointer, 40))(automation.Pointer, handler);
        new ComObject(handler).Dispose();
        automation.Dispose();
    }
}
