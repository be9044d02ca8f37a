using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>What the window for a password says. Immutable.</summary>
public sealed record EnrolmentQuestion
{
    /// <summary>The account, as it logs on here: see <see cref="ICredentialPrompt.User"/>.</summary>
    public required string User { get; init; }

    /// <summary>What the grant calls this computer.</summary>
    public required string Nickname { get; init; }

    /// <summary>Whether there was one before that is not right any more.</summary>
    public bool IsAgain { get; init; }

    /// <summary>The language to ask in. Default: the process's.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.CurrentUICulture;
}
