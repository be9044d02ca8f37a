namespace RemoteAccess.Transport;

/// <summary>Which end of the channel this is; it decides what may be sent and what may arrive.</summary>
internal enum ChannelRole
{
    /// <summary>The technician's viewer.</summary>
    Technician,
    /// <summary>The customer's computer.</summary>
    Host,
}
