namespace RemoteAccess;

/// <summary>What a technician can know of a computer without connecting. Whether it is blocked or in use is told only to who connects.</summary>
public enum ComputerStatus
{
    /// <summary>Not known: nobody asked, there is no address, or what answers there is no agent.</summary>
    Unknown,
    /// <summary>The grant's time has not begun.</summary>
    NotYet,
    /// <summary>The grant's time is over.</summary>
    Expired,
    /// <summary>The grant allows no session at this hour.</summary>
    OutsideHours,
    /// <summary>The grant's computer answered and proved that it is the one.</summary>
    Online,
    /// <summary>Nothing answers at its address.</summary>
    Offline,
    /// <summary>Another computer answers at its address.</summary>
    AnotherComputer,
}
