namespace RemoteAccess.Trust;

/// <summary>How the customer said yes.</summary>
public enum ConsentMethod : byte
{
    /// <summary>In a prompt on the computer's own screen.</summary>
    OnScreen = 1,
    /// <summary>By word of mouth to a technician on site.</summary>
    OnSiteVerbal = 2,
    /// <summary>In writing to a technician on site.</summary>
    OnSiteWritten = 3,
}
