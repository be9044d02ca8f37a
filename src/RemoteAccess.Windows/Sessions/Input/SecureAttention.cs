using System.Runtime.InteropServices;
using System.Security.Principal;
using Microsoft.Extensions.Logging;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The seam to Ctrl+Alt+Delete, which SendInput cannot make.</summary>
internal interface ISecureAttention
{
    /// <summary>Sends it where policy allows that; else says in the log why not.</summary>
    void Send();
}

/// <summary>
/// Ctrl+Alt+Delete by SendSAS of sas.dll, which is loaded when it is asked for and only from the system's folder. Windows takes it from services,
/// and from programs for ease of access, where the policy "Disable or enable software Secure Attention Sequence" names them.
/// </summary>
internal sealed unsafe class SecureAttention(ILogger logger) : ISecureAttention
{
    private const uint PolicyServices = 1, PolicyEaseOfAccess = 2;

    public void Send()
    {
        using WindowsIdentity identity = WindowsIdentity.GetCurrent();
        if (WhyRefused(Policy(), identity.IsSystem) is { } reason)
        {
            Log.SecureAttentionRefused(logger, reason);
            return;
        }
        if (!NativeLibrary.TryLoad("sas.dll", typeof(SecureAttention).Assembly, DllImportSearchPath.System32, out nint library) || !NativeLibrary.TryGetExport(library, "SendSAS", out nint send))
        {
            Log.SecureAttentionRefused(logger, "this Windows has no sas.dll.");
            return;
        }
        ((delegate* unmanaged<int, void>)send)(identity.IsSystem ? 0 : 1);
        Log.SecureAttentionSent(logger);
    }

    /// <summary>What in the policy's value keeps it from being sent; null when nothing does. No value means nobody may.</summary>
    internal static string? WhyRefused(uint policy, bool isService) => (policy & (isService ? PolicyServices : PolicyEaseOfAccess)) != 0
        ? null
        : $"the policy SoftwareSASGeneration is {policy}, which does not allow it to {(isService ? "services" : "programs that are no services")}.";

    private static uint Policy()
    {
        uint value = 0, size = sizeof(uint);
        return Advapi32Registry.RegGetValueW(Advapi32Registry.LocalMachine, @"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System", "SoftwareSASGeneration",
            Advapi32Registry.TypeDword, null, &value, &size) == 0 ? value : 0;
    }
}
