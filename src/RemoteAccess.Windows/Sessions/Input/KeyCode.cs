namespace RemoteAccess.Sessions;

/// <summary>A key of Windows: its virtual-key code, and whether its scan code is an extended one (the right one of two, arrows beside the numeric pad, …).</summary>
internal readonly record struct KeyCode(ushort Key, bool IsExtended)
{
    public const ushort Back = 0x08, Tab = 0x09, Return = 0x0D, Pause = 0x13, CapsLock = 0x14, Escape = 0x1B, LeftShift = 0xA0, RightShift = 0xA1,
        LeftControl = 0xA2, RightControl = 0xA3, LeftAlt = 0xA4, RightAlt = 0xA5, LeftWindows = 0x5B, RightWindows = 0x5C, Delete = 0x2E;
}
