using System.Text;
using RemoteAccess;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

// Arguments: the display, then what to do: "hold" keys, a button and a lent keycode, or "capture". Says "ready" and waits to be ended.
await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = args[0] });
if (args[1] == "capture")
{
    await using RemoteAccess.Picture.IScreenCapture capture = await desktop.OpenCaptureAsync(Permit(Operations.ViewScreen), default);
    using RemoteAccess.Picture.ScreenFrame frame = await capture.CaptureAsync(default);
    Console.WriteLine("ready");
    await Task.Delay(Timeout.Infinite);
}

IInputInjector input = await desktop.OpenInputAsync(Permit(Operations.ControlInput), default);
await input.InjectAsync(InputEvent.Key(0xffe1, true), default);
await input.InjectAsync(InputEvent.Key(0xffe3, true), default);
await input.InjectAsync(InputEvent.Button(MouseButton.Middle, true), default);
await input.InjectAsync(InputEvent.Text(new Rune('漢')), default);
await input.InjectAsync(InputEvent.Key(0x010003b2, true), default);
Console.WriteLine("ready");
await Task.Delay(Timeout.Infinite);
return 0;

static OperationPermit Permit(Operations operation) => new(operation, () => RefusalReason.Withdrawn, default);
