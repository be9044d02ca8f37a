using System.Security.AccessControl;
using System.Security.Principal;

namespace RemoteAccess.Transport;

/// <summary>Who may be at the other end of a pipe. What it does not name is refused. Immutable.</summary>
public sealed record PipeGuard
{
    private static readonly SecurityIdentifier Network = new(WellKnownSidType.NetworkSid, null), System = new(WellKnownSidType.LocalSystemSid, null);

    /// <summary>
    /// Accounts beside this process' own and the system whose processes may open the pipe, as in <c>S-1-5-21-…-1001</c> or, for whoever is logged on at the computer,
    /// <c>S-1-5-4</c>. Default: none. They are then looked at by <see cref="Refuse"/>.
    /// </summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>
    /// Looks at a process that has connected, before a byte of it is read: null lets it in, a text says for the log why not. Called on any thread; a fault of it is a refusal.
    /// </summary>
    public required Func<PipePeer, string?> Refuse { get; init; }

    /// <summary>
    /// The pipe's access list: nobody from the network, the system and <paramref name="own"/> fully, the others only to talk: who may not make another instance of the pipe
    /// cannot take its callers away.
    /// </summary>
    /// <exception cref="ArgumentException">An account is no SID.</exception>
    internal byte[] Descriptor(SecurityIdentifier own)
    {
        var list = new DiscretionaryAcl(isContainer: false, isDS: false, capacity: 4 + Accounts.Count);
        list.AddAccess(AccessControlType.Deny, Network, FullControl, InheritanceFlags.None, PropagationFlags.None);
        list.AddAccess(AccessControlType.Allow, System, FullControl, InheritanceFlags.None, PropagationFlags.None);
        list.AddAccess(AccessControlType.Allow, own, FullControl, InheritanceFlags.None, PropagationFlags.None);
        foreach (string account in Accounts) list.AddAccess(AccessControlType.Allow, new SecurityIdentifier(account), unchecked((int)Interop.Kernel32Pipe.Converse), InheritanceFlags.None, PropagationFlags.None);
        var descriptor = new CommonSecurityDescriptor(isContainer: false, isDS: false, ControlFlags.DiscretionaryAclPresent | ControlFlags.DiscretionaryAclProtected | ControlFlags.SelfRelative, null, null, null, list);
        byte[] binary = new byte[descriptor.BinaryLength];
        descriptor.GetBinaryForm(binary, 0);
        return binary;
    }

    /// <summary>FILE_ALL_ACCESS.</summary>
    private const int FullControl = 0x1F01FF;
}
