using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// What the computer says of itself and the session, before anybody is shown it. The computer is authenticated, not trusted: a text may
/// not steer the terminal it is printed on, and a number must be one that can be.
/// </summary>
internal static class AcceptedCheck
{
    /// <summary>The longest text that a computer has about itself, in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 1024;

    private const long LatestUnixMilliseconds = 253_402_300_799_999;

    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>.</exception>
    public static void Demand(Accepted accepted)
    {
        if (!PlainText.IsAcceptable(accepted.ComputerName, MaxTextBytes)) throw Malformed("a name that is not plain text");
        if (!PlainText.IsAcceptable(accepted.Platform, MaxTextBytes)) throw Malformed("a platform that is not plain text");
        if (accepted.ExpiresUnixMs is < 0 or > LatestUnixMilliseconds) throw Malformed("an impossible end of the session");
        if (accepted.FailedAttempts > int.MaxValue) throw Malformed("an impossible number of failed attempts");
    }

    private static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"The computer accepted with {what}.");
}
