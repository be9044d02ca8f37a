using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>How <see cref="PamAccountCheck"/> asks. Immutable.</summary>
public sealed partial record PamAccountCheckOptions
{
    /// <summary>
    /// The PAM service, a file in /etc/pam.d; 1 to 64 of a-z, 0-9, - and _, beginning with a letter. Default: null, <c>remoteaccess</c> where that file
    /// exists, else <c>login</c>.
    /// </summary>
    public string? Service { get; init; }

    /// <summary>How long one check may take, with the wait for its turn; 1 s to 2 min. Default: 30 s.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told why credentials could not be checked. Never of a password or an account.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal string ServiceInUse => Service ?? (File.Exists("/etc/pam.d/remoteaccess") || File.Exists("/usr/lib/pam.d/remoteaccess") ? "remoteaccess" : "login");

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        if (Service is not null && !ServiceName().IsMatch(Service)) throw new ArgumentException($"{nameof(Service)} must be the name of a file in /etc/pam.d: 1 to 64 of a-z, 0-9, - and _, a letter first.");
        if (TimeLimit < TimeSpan.FromSeconds(1) || TimeLimit > TimeSpan.FromMinutes(2)) throw new ArgumentException($"{nameof(TimeLimit)} must be 1 s to 2 min, not {TimeLimit}.");
        ArgumentNullException.ThrowIfNull(Logger);
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]{0,63}\z")]
    private static partial Regex ServiceName();
}
