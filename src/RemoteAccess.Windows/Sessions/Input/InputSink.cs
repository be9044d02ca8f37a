using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The last step: SendInput. Each input carries <see cref="Tag"/>, by which this package's own windows and hooks know it. One thread at a time.</summary>
internal sealed unsafe class InputSink(PhysicalInput physical)
{
    /// <summary>"RAIN", in dwExtraInfo.</summary>
    public const uint Tag = 0x5241494e;

    /// <summary>Sends them in one go: no other input comes in between.</summary>
    /// <exception cref="DesktopException">Windows took none: the lock screen, a program of higher integrity in front, or no desktop.</exception>
    public void Send(Span<Input> inputs)
    {
        if (TrySend(inputs)) return;
        int error = Marshal.GetLastPInvokeError();
        throw new DesktopException(DesktopError.DisplayLost, $"Windows does not take input (error {error}): the screen is locked, or what is in front runs with higher rights. An agent that runs as a service can serve those too.");
    }

    /// <summary>The same, where nobody is to be told.</summary>
    public bool TrySend(Span<Input> inputs)
    {
        foreach (ref Input input in inputs)
        {
            if (input.Kind == User32Input.Mouse) input.MouseTag = Tag;
            else input.KeyTag = Tag;
        }
        physical.BeginInjection();
        uint taken;
        fixed (Input* first = inputs) taken = User32Input.SendInput((uint)inputs.Length, first, sizeof(Input));
        physical.EndInjection();
        return taken == (uint)inputs.Length;
    }
}
