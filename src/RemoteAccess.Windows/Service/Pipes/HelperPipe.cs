using System.Globalization;
using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>The pipe between service and session helper: its name, and who may be at either end. Pure; what Windows says of the other end comes in.</summary>
internal static class HelperPipe
{
    private const string Prefix = "RemoteAccess.Helper.";
    private const int RandomBytes = 16;

    /// <summary>A new name, which nobody guesses; it says which process listens there.</summary>
    public static string NewName(int service) => $"{Prefix}{service.ToString(CultureInfo.InvariantCulture)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>The process that listens there; null when it is no such name.</summary>
    public static int? ServiceOf(string name)
    {
        string[] parts = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..].Split('.') : [];
        return parts.Length == 2 && parts[1].Length == RandomBytes * 2 && parts[1].All(char.IsAsciiHexDigitLower)
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 0 ? process : null;
    }

    /// <summary>In the service: only the process that was started, which is still there because its handle is held.</summary>
    public static string? WhyNotHelper(PipePeer started, PipePeer caller) =>
        caller.ProcessId != started.ProcessId ? "it is not the process that was started"
        : caller.Sid != started.Sid ? "it runs under another account than it was started under"
        : caller.SessionId != started.SessionId ? "it is in another session than it was started in"
        : !caller.RunsSameImageAs(started) ? "it runs another program than was started"
        : null;

    /// <summary>In the helper: the process that the name says, of the same account and program.</summary>
    public static string? WhyNotService(PipePeer self, int service, PipePeer? listener) =>
        listener is null ? "Windows does not say who it is"
        : listener.ProcessId != service ? "it is not the process that the name says"
        : listener.Sid != self.Sid ? "it runs under another account"
        : !listener.RunsSameImageAs(self) ? "it runs another program"
        : null;
}
