namespace RemoteAccess;

/// <summary>Who is in a session and what for; for the customer's eyes.</summary>
public sealed class AgentSessionEventArgs : EventArgs
{
    internal AgentSessionEventArgs(string id, string technician, string reason, Operations operations, string peer, DateTimeOffset began)
    {
        Id = id;
        Technician = technician;
        Reason = reason;
        Operations = operations;
        Peer = peer;
        Began = began;
    }

    /// <summary>16 bytes in hex; the same in the ledger.</summary>
    public string Id { get; }

    /// <summary>The technician's name, certified by the tenant.</summary>
    public string Technician { get; }

    /// <summary>The reason the technician gave; may be empty. Not verified.</summary>
    public string Reason { get; }

    /// <summary>What the session may do.</summary>
    public Operations Operations { get; }

    /// <summary>Where the connection comes from; not verified.</summary>
    public string Peer { get; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset Began { get; }
}
