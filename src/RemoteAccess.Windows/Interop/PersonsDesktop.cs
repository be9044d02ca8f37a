namespace RemoteAccess.Interop;

/// <summary>Whether windows of this thread are before a person. On the thread.</summary>
internal static unsafe class PersonsDesktop
{
    private const int MaxName = 128;

    /// <exception cref="DesktopException">The process is a service or the like: its windows are on a station that nobody sees.</exception>
    public static void Demand()
    {
        StationFlags flags = default;
        uint size;
        bool isKnown = User32Screen.GetUserObjectInformationW(User32Desktop.GetProcessWindowStation(), User32Desktop.FlagsOfObject, &flags, (uint)sizeof(StationFlags), &size) != 0;
        if (!isKnown || (flags.Flags & StationFlags.Visible) == 0)
            throw new DesktopException(DesktopError.NoDisplay, "This process has no desktop that a person sees. Ask from a process in the person's own session, not from a service.");
    }

    /// <summary>Whether keyboard and mouse are with this thread's desktop: not with the lock screen, a secure desktop or a screen saver.</summary>
    public static bool HasInput()
    {
        // Refused while a desktop of the system's has them.
        nint input = User32Screen.OpenInputDesktop(0, 0, User32Desktop.ReadObjects);
        if (input == 0) return false;
        char* ours = stackalloc char[MaxName], theirs = stackalloc char[MaxName];
        bool isSame = Name(User32Screen.GetThreadDesktop(Kernel32.GetCurrentThreadId()), ours).SequenceEqual(Name(input, theirs));
        _ = User32Screen.CloseDesktop(input);
        return isSame;
    }

    /// <summary>Whether this thread's desktop is the one for users' programs, by its name.</summary>
    public static bool IsUsers()
    {
        char* ours = stackalloc char[MaxName];
        return Name(User32Screen.GetThreadDesktop(Kernel32.GetCurrentThreadId()), ours).Equals("Default", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a user is logged on in this process' session. What cannot be known is no.</summary>
    public static bool IsLoggedOn()
    {
        void* name = null;
        uint bytes = 0;
        if (Wtsapi32.WTSQuerySessionInformationW(0, Wtsapi32.CurrentSession, Wtsapi32.UserName, &name, &bytes) == 0) return false;
        bool isNamed = bytes > sizeof(char) && *(char*)name != '\0';
        Wtsapi32.WTSFreeMemory(name);
        return isNamed;
    }

    private static ReadOnlySpan<char> Name(nint desktop, char* text)
    {
        uint bytes;
        bool isKnown = User32Screen.GetUserObjectInformationW(desktop, User32Screen.ObjectName, text, MaxName * sizeof(char), &bytes) != 0;
        return isKnown ? new ReadOnlySpan<char>(text, (int)bytes / sizeof(char)) : [];
    }
}
