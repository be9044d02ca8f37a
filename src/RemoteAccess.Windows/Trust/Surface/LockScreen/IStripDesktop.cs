namespace RemoteAccess.Trust;

/// <summary>Whose the desktop is that the strip's thread is on.</summary>
internal enum StripPlace
{
    /// <summary>A logged-on user's own: the customer's surface is there.</summary>
    Users,
    /// <summary>The system's: lock screen, log-on, UAC, a screen saver; or a user's where nobody is logged on.</summary>
    Systems,
    /// <summary>Not the one that has screen and keyboard, any more.</summary>
    Left,
}

/// <summary>The seam to the desktops of the session. On the strip's thread.</summary>
internal interface IStripDesktop : IDisposable
{
    /// <summary>Goes to the desktop that has screen and keyboard now; the thread has no windows yet. False: it may not.</summary>
    bool Enter();

    /// <summary>Where the thread is now.</summary>
    StripPlace Look();
}
