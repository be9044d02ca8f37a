namespace RemoteAccess.Interop;

/// <summary>Whether the thread is on the desktop that has screen and keyboard.</summary>
internal enum DesktopFollowed
{
    /// <summary>It was there already.</summary>
    Same,
    /// <summary>It is now: handles of the desktop before are to be made anew.</summary>
    Switched,
    /// <summary>It may not go there: the lock screen or a secure desktop, before an ordinary user's process.</summary>
    Refused,
}

/// <summary>The seam to <see cref="InputDesktop"/>. On the thread that it moves.</summary>
internal interface IInputDesktop : IDisposable
{
    /// <summary>Goes to the desktop that has screen and keyboard now.</summary>
    DesktopFollowed Follow();
}

/// <summary>
/// Moves its thread to the input desktop: Default, Winlogon or the screen saver's. Told apart by name, as each opening gives another handle.
/// The thread must own neither windows nor hooks.
/// </summary>
internal sealed unsafe class InputDesktop : IInputDesktop
{
    private const int MaxName = 128;

    private readonly char[] name = new char[MaxName];
    private readonly nint original = User32Screen.GetThreadDesktop(Kernel32.GetCurrentThreadId());
    private int nameLength;
    private nint current;
    private bool isSure;

    public InputDesktop() => nameLength = ReadName(original, name);

    public DesktopFollowed Follow()
    {
        nint desktop = User32Screen.OpenInputDesktop(0, 0, User32Screen.DesktopAccess);
        if (desktop == 0) return DesktopFollowed.Refused;
        Span<char> found = stackalloc char[MaxName];
        int length = ReadName(desktop, found);
        if (found[..length].SequenceEqual(name.AsSpan(0, nameLength)))
        {
            // Once, the name is not enough: what a service starts may begin on the desktop of that name in the service's own window station.
            if (!isSure && User32Screen.SetThreadDesktop(desktop) != 0) current = desktop;
            else _ = User32Screen.CloseDesktop(desktop);
            isSure = true;
            return DesktopFollowed.Same;
        }
        isSure = true;
        if (User32Screen.SetThreadDesktop(desktop) == 0)
        {
            _ = User32Screen.CloseDesktop(desktop);
            return DesktopFollowed.Refused;
        }
        if (current != 0) _ = User32Screen.CloseDesktop(current);
        current = desktop;
        found.CopyTo(name);
        nameLength = length;
        return DesktopFollowed.Switched;
    }

    public void Dispose()
    {
        if (current == 0) return;
        // A thread's own desktop cannot be closed.
        _ = User32Screen.SetThreadDesktop(original);
        _ = User32Screen.CloseDesktop(current);
        current = 0;
    }

    private static int ReadName(nint desktop, Span<char> into)
    {
        uint bytes = 0;
        fixed (char* text = into)
        {
            if (User32Screen.GetUserObjectInformationW(desktop, User32Screen.ObjectName, text, (uint)into.Length * sizeof(char), &bytes) == 0) return 0;
        }
        return Math.Max(0, ((int)bytes / sizeof(char)) - 1);
    }
}
