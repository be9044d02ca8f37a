using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>IUIAutomationEventHandler.</summary>
[GeneratedComInterface, Guid("146c3c17-f12e-4e22-8c27-f894b9b79c69")]
internal partial interface IEventHandler
{
    [PreserveSig] int HandleEvent(nint element, int id);
}

/// <summary>A client of UI Automation that is told of what changes by itself in a window.</summary>
[GeneratedComClass]
internal sealed unsafe partial class StatusListener : IEventHandler, IDisposable
{
    private const int LiveRegionChanged = 20024, Subtree = 7;
    private static readonly StrategyBasedComWrappers Wrappers = new();
    private readonly ComObject automation = ScreenReader.Create();
    private nint handler;

    /// <summary>The names of what changed, as they were when they were asked for.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public static StatusListener Start(nint window)
    {
        StatusListener listener = new();
        using ComObject element = ScreenReader.ElementOf(listener.automation, window), unknown = new(Wrappers.GetOrCreateComInterfaceForObject(listener, CreateComInterfaceFlags.None));
        Marshal.ThrowExceptionForHR(Marshal.QueryInterface(unknown.Pointer, typeof(IEventHandler).GUID, out listener.handler));
        Marshal.ThrowExceptionForHR(((delegate* unmanaged<nint, int, nint, int, nint, nint, int>)ComObject.Method(listener.automation.Pointer, 32))(listener.automation.Pointer, LiveRegionChanged, element.Pointer, Subtree, 0, listener.handler));
        return listener;
    }

    public int HandleEvent(nint element, int id)
    {
        _ = Marshal.AddRef(element);
        using ComObject changed = new(element);
        Heard.Enqueue(ScreenReader.Property(changed, 30005) as string ?? "");
        return 0;
    }

    public void Dispose()
    {
        _ = ((delegate* unmanaged<nint, int>)ComObject.Method(automation.Pointer, 41))(automation.Pointer);
        new ComObject(handler).Dispose();
        automation.Dispose();
    }
}
