namespace RemoteAccess.Interop;

/// <summary>Whether windows of this thread are before a person. On the thread.</summary>
internal static unsafe class PersonsDesktop
{
    private const int MaxName = 128;

    /// <exception cref="DesktopException">The process is a service or the like: its windows are on a station that nobody sees.</exception>
    public static void Demand()
    {
        StationFlags flags = default;
        bool isKnown = User32Desktop.GetUserObjectInformation(User32Desktop.GetProcessWindowStation(), User32Desktop.FlagsOfObject, &flags, sizeof(StationFlags), out _) != 0;
        if (!isKnown || (flags.Flags & StationFlags.Visible) == 0)
            throw new DesktopException(DesktopError.NoDisplay, "This process has no desktop that a person sees. Ask from a process in the person's own session, not from a service.");
    }

    /// <summary>Whether keyboard and mouse are with this thread's desktop: not with the lock screen, a secure desktop or a screen saver.</summary>
    public static bool HasInput()
    {
        // Refused while a desktop of the system's has them.
        nint input = User32Desktop.OpenInputDesktop(0, 0, User32Desktop.ReadObjects);
        if (input == 0) return false;
        char* ours = stackalloc char[MaxName], theirs = stackalloc char[MaxName];
        bool isSame = Name(User32Desktop.GetThreadDesktop(Kernel32Module.GetCurrentThreadId()), ours).SequenceEqual(Name(input, theirs));
        _ = User32Desktop.CloseDesktop(input);
        return isSame;
    }

    private static ReadOnlySpan<char> Name(nint desktop, char* text)
    {
        bool isKnown = User32Desktop.GetUserObjectInformation(desktop, User32Desktop.NameOfObject, text, MaxName * sizeof(char), out int bytes) != 0;
        return isKnown ? new ReadOnlySpan<char>(text, bytes / sizeof(char)) : [];
    }
}
