using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>The desktops of this process' session.</summary>
internal sealed class StripDesktop(TimeProvider time) : IStripDesktop
{
    /// <summary>Asking who is logged on is a call to another process.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly InputDesktop desktop = new();
    private long askedAt;
    private bool isLoggedOn;

    public bool Enter() => desktop.Follow() != DesktopFollowed.Refused;

    public StripPlace Look()
    {
        if (!PersonsDesktop.HasInput()) return StripPlace.Left;
        return PersonsDesktop.IsUsers() && IsLoggedOn() ? StripPlace.Users : StripPlace.Systems;
    }

    public void Dispose() => desktop.Dispose();

    private bool IsLoggedOn()
    {
        if (askedAt != 0 && time.GetElapsedTime(askedAt) < AskAgain) return isLoggedOn;
        askedAt = time.GetTimestamp();
        return isLoggedOn = PersonsDesktop.IsLoggedOn();
    }
}
