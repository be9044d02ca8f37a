using System.Diagnostics;
using RemoteAccess.Interop;

namespace RemoteAccess.Benchmarks;

/// <summary>Whoever sits before a display inside another: what is done on the outer one comes from a device there.</summary>
internal sealed class XPerson : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10), Held = TimeSpan.FromMilliseconds(60);

    private readonly XConnection outer;

    public XPerson(string outerDisplay) => outer = XConnection.Open(outerDisplay);

    /// <summary>Brings the pointer there, from the left.</summary>
    public async Task MoveAsync((int X, int Y) place)
    {
        for (int distance = 400; distance >= 0; distance -= 50)
        {
            _ = LibXtst.XTestFakeMotionEvent(outer.Display, -1, place.X - distance, place.Y, 0);
            _ = LibX11.XFlush(outer.Display);
            await Task.Delay(Step);
        }
    }

    /// <summary>Presses the left button, holds it as a finger does, and lets it go.</summary>
    /// <returns>The moment before it was let go, with which the click counts.</returns>
    public async Task<long> ClickAsync()
    {
        Press(1);
        await Task.Delay(Held);
        long released = Stopwatch.GetTimestamp();
        Press(0);
        return released;
    }

    public void Dispose() => outer.Dispose();

    private void Press(int isDown)
    {
        _ = LibXtst.XTestFakeButtonEvent(outer.Display, 1, isDown, 0);
        _ = LibX11.XFlush(outer.Display);
    }
}
