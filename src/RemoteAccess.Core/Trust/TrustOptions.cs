using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Where and with what a computer's trust store is opened. Immutable.</summary>
public sealed record TrustOptions
{
    /// <summary>
    /// The computer's private directory, on a local file system. It is made when it is not there; it must be reachable by this account only.
    /// </summary>
    public required string StateDirectory { get; init; }

    /// <summary>What the computer calls itself towards a technician; 1 to 128 characters without control characters.</summary>
    public string ComputerName { get; init; } = Environment.MachineName;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The person at the computer; null, the default, when nobody can be seen or asked: then grants that want it are refused.</summary>
    public CustomerPresence? Presence { get; init; }

    /// <summary>
    /// What a tenant's organisation is called, by the tenant's public key (65 bytes): the prompt says that a technician whom the tenant certified works for it. It is the host application's word, which knows its own
    /// tenant; null, also the default for all of them, says nothing. One line of 1 to 255 UTF-8 bytes without characters that nobody sees: with any other nobody can be asked. Any thread; must not block.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, string?> OrganisationOf { get; init; } = static _ => null;

    /// <summary>What checks credentials of this computer; null, the default, when nothing can: then grants that want them are refused.</summary>
    public IAccountCheck? AccountCheck { get; init; }

    /// <summary>What stores and fills in passwords of the computer (<see cref="TrustFlow.StoredCredentials"/>); null, the default, when nothing does.</summary>
    public CredentialFilling? Filling { get; init; }

    /// <summary>
    /// How the person at the computer is shown who is connected: a requirement, or <see cref="SurfaceRequirement.ShownByHostApplication"/>. Null, the default,
    /// for commands that only look at the state or change it: an agent that shares a screen with a person before it (<see cref="IDesktop.HasPerson"/>) cannot
    /// be made then. A requirement is for Linux and Windows only.
    /// </summary>
    public SurfaceRequirement? Surface { get; init; }

    /// <summary>Where the customer reads what technicians write, and answers. Default: the required <see cref="Surface"/>; without one there is no chat.</summary>
    public Sessions.ICustomerChat? Chat { get; init; }

    /// <summary>Where faults are reported that no caller sees. The ledger is not a log, and this is not the ledger.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Which run of the operating system this is; the platform's own when empty.</summary>
    internal Guid Boot { get; init; }

    /// <summary>How long a session's end waits for its tools.</summary>
    internal TimeSpan LastWords { get; init; } = SessionTools.LastWords;

    /// <summary>The account at the other end of a surface's link; the system's word when null.</summary>
    internal Func<UnixLink, uint?>? SurfaceUser { get; init; }
}
