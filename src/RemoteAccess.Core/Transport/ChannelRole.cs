namespace RemoteAccess.Transport;

/// <summary>Which end of the channel this is: who may speak first, what may be sent and what may arrive.</summary>
internal enum ChannelRole
{
    /// <summary>The technician's viewer. Sends nothing before the host's first record (Accepted or Denied) has arrived.</summary>
    Technician,
    /// <summary>The customer's computer. Takes nothing before it has sent its first record.</summary>
    Host,
}
