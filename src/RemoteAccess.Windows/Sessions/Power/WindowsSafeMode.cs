using Microsoft.Win32;
using RemoteAccess.Sessions;

namespace RemoteAccess;

/// <summary>What a product's service and its installer do about safe mode.</summary>
public static class WindowsSafeMode
{
    /// <summary>
    /// The service's first act at every start: if a technician had the computer started in safe mode, the next start is as usual again. Needs the rights of the service account.
    /// </summary>
    /// <param name="serviceName">As in <see cref="WindowsOptions.ServiceName"/>.</param>
    /// <returns>Whether there was something to undo, and it is undone. What could not be is tried again at the next start.</returns>
    public static bool UndoAtStart(string serviceName) => Of(serviceName).Undo(out _);

    /// <exception cref="ArgumentException">It is no service's name.</exception>
    internal static SafeMode Of(string serviceName) => new(Registry.LocalMachine, Checked(serviceName), BootMenu.Set);

    /// <summary>A service's name: 1 to 80 letters, digits, dots, hyphens and underscores. It becomes a key of the registry.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static string Checked(string serviceName)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        return serviceName.Length is > 0 and <= 80 && serviceName.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')
            ? serviceName
            : throw new ArgumentException("A service's name is 1 to 80 letters, digits, dots, hyphens and underscores.", nameof(serviceName));
    }
}
