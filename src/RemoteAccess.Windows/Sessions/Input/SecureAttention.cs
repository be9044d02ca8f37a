using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Principal;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The seam to Ctrl+Alt+Delete, which SendInput cannot make.</summary>
internal interface ISecureAttention
{
    /// <summary>Sends it where policy allows that; else says in the log why not.</summary>
    void Send();
}

/// <summary>
/// Ctrl+Alt+Delete by SendSAS. Windows takes it from a service, which makes it in the session of the token that it impersonates, and from a signed program for ease of access (uiAccess), in its own
/// session; each only where the policy "Disable or enable software Secure Attention Sequence" names them. A session helper is neither, whatever its account.
/// </summary>
/// <param name="logger">Told what was sent and what not.</param>
/// <param name="isService">Whether this process is a service.</param>
/// <param name="system">Windows.</param>
internal sealed class SecureAttention(ILogger logger, bool isService, ISecureAttentionSystem system) : ISecureAttention
{
    private const uint PolicyServices = 1, PolicyEaseOfAccess = 2;

    /// <summary>In this process' own session.</summary>
    public void Send()
    {
        if (IsAllowed()) Tell(system.TrySend(asUser: !isService));
    }

    /// <summary>In the session of a helper. Never throws; takes as long as Windows does.</summary>
    public void SendIn(ISessionProcess helper)
    {
        if (!isService)
        {
            Send();
            return;
        }
        if (!IsAllowed()) return;
        try
        {
            using SafeAccessTokenHandle token = helper.OpenToken();
            Tell(WindowsIdentity.RunImpersonated(token, () => system.TrySend(asUser: false)));
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or System.Security.SecurityException or ArgumentException)
        {
            Log.SecureAttentionRefused(logger, failure.Message);
        }
    }

    /// <summary>What in the policy's value keeps it from being sent; null when nothing does. No value means nobody may.</summary>
    internal static string? WhyRefused(uint policy, bool isService) => (policy & (isService ? PolicyServices : PolicyEaseOfAccess)) != 0
        ? null
        : $"the policy SoftwareSASGeneration is {policy}, which does not allow it to {(isService ? "services" : "programs that are no services")}.";

    private bool IsAllowed()
    {
        if (WhyRefused(system.Policy, isService) is not { } reason) return true;
        Log.SecureAttentionRefused(logger, reason);
        return false;
    }

    private void Tell(bool isSent)
    {
        if (isSent) Log.SecureAttentionSent(logger);
        else Log.SecureAttentionRefused(logger, "this Windows has no sas.dll.");
    }
}

/// <summary>The seam to sas.dll and its policy.</summary>
internal interface ISecureAttentionSystem
{
    /// <summary>SoftwareSASGeneration; 0 without one.</summary>
    uint Policy { get; }

    /// <param name="asUser">That this process is a user's and no service.</param>
    /// <returns>False when there is no such function; whether it had an effect Windows does not say.</returns>
    bool TrySend(bool asUser);
}

/// <summary>sas.dll, which is loaded when it is asked for and only from the system's folder.</summary>
internal sealed unsafe class WindowsSecureAttention : ISecureAttentionSystem
{
    public uint Policy
    {
        get
        {
            uint value = 0, size = sizeof(uint);
            return Advapi32Registry.RegGetValueW(Advapi32Registry.LocalMachine, @"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System", "SoftwareSASGeneration",
                Advapi32Registry.TypeDword, null, &value, &size) == 0 ? value : 0;
        }
    }

    public bool TrySend(bool asUser)
    {
        if (!NativeLibrary.TryLoad("sas.dll", typeof(SecureAttention).Assembly, DllImportSearchPath.System32, out nint library) || !NativeLibrary.TryGetExport(library, "SendSAS", out nint send)) return false;
        ((delegate* unmanaged<int, void>)send)(asUser ? 1 : 0);
        return true;
    }
}
