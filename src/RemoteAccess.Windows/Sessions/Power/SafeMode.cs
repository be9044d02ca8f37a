using Microsoft.Win32;

namespace RemoteAccess.Sessions;

/// <summary>
/// Safe mode with networking for one start. Before the boot menu is changed, everything that changes it back is in place: a mark that the service undoes it by as its first act, and Windows' own
/// RunOnce (<c>*</c>: in safe mode too) for the next log-on of an administrator, if the service does not come up. So the start after is as usual, whoever asks for it.
/// </summary>
/// <param name="root">HKEY_LOCAL_MACHINE; elsewhere in tests.</param>
/// <param name="service">The agent's service.</param>
/// <param name="boot">The boot menu.</param>
internal sealed class SafeMode(RegistryKey root, string service, SetSafeBoot boot)
{
    private const string Mark = @"SOFTWARE\RemoteAccess\SafeMode", RunOnce = @"SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce", SafeBoot = @"SYSTEM\CurrentControlSet\Control\SafeBoot\Network";
    private string RunOnceName => $"*{service}.NormalBoot";

    /// <summary>Prepares the next start. When it fails nothing is left of it.</summary>
    /// <exception cref="DesktopException">The boot menu or the registry cannot be changed.</exception>
    public void Prepare()
    {
        try
        {
            // In this order: cut off anywhere, the next start undoes what there is.
            using (RegistryKey mark = root.CreateSubKey(Mark)) mark.SetValue(service, 1, RegistryValueKind.DWord);
            using (RegistryKey once = root.CreateSubKey(RunOnce)) once.SetValue(RunOnceName, $"\"{BootMenu.Program}\" {string.Join(' ', BootMenu.Arguments(isOn: false))}", RegistryValueKind.String);
            // Named there, a service starts in safe mode too.
            using (RegistryKey allowed = root.CreateSubKey($@"{SafeBoot}\{service}")) allowed.SetValue("", "Service", RegistryValueKind.String);
            boot(true);
        }
        catch (Exception error) when (error is DesktopException or UnauthorizedAccessException or IOException or System.Security.SecurityException)
        {
            // The boot menu is as it was.
            Clean();
            throw error as DesktopException ?? new DesktopException(DesktopError.MissingExtension, $"Safe mode cannot be prepared: {error.Message}", error);
        }
    }

    /// <summary>Whether a start in safe mode was prepared and has not been undone.</summary>
    public bool IsPrepared
    {
        get
        {
            using RegistryKey? mark = root.OpenSubKey(Mark);
            return mark?.GetValue(service) is not null;
        }
    }

    /// <summary>Makes the next start one as usual. Does nothing when none was prepared; what cannot be undone now keeps its mark, and is tried again at the next start.</summary>
    /// <param name="failure">Why there was something that could not be undone, or why nobody knows; else null.</param>
    /// <returns>Whether there was something, and it is undone.</returns>
    public bool Undo(out string? failure)
    {
        failure = null;
        try
        {
            if (!IsPrepared) return false;
            Restore();
            Clean();
            return true;
        }
        catch (Exception error) when (error is DesktopException or UnauthorizedAccessException or IOException or System.Security.SecurityException)
        {
            // Not to be changed by this account: RunOnce stays for whoever may, and the mark for the next try.
            failure = error.Message;
            return false;
        }
    }

    /// <summary>What is not set cannot be deleted, and bcdedit's words for that are in the system's language: so it is set, and deleted.</summary>
    private void Restore()
    {
        try
        {
            boot(false);
        }
        catch (DesktopException)
        {
            boot(true);
            boot(false);
        }
    }

    private void Clean()
    {
        using (RegistryKey? once = root.OpenSubKey(RunOnce, writable: true)) once?.DeleteValue(RunOnceName, throwOnMissingValue: false);
        root.DeleteSubKeyTree($@"{SafeBoot}\{service}", throwOnMissingSubKey: false);
        using (RegistryKey? mark = root.OpenSubKey(Mark, writable: true)) mark?.DeleteValue(service, throwOnMissingValue: false);
    }
}
