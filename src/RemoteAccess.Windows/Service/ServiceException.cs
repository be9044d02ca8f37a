namespace RemoteAccess;

/// <summary>What kept a service from being installed, removed or run.</summary>
public enum ServiceError
{
    /// <summary>Windows refuses it to this account: it takes an administrator's.</summary>
    NotAdministrator,
    /// <summary>There is a service of that name already.</summary>
    Exists,
    /// <summary>There is no service of that name.</summary>
    Missing,
    /// <summary>It is deleted, and still open somewhere, as in the list of services.</summary>
    BeingDeleted,
    /// <summary>It did not start or stop in time.</summary>
    TimedOut,
    /// <summary>Others could replace the program that would run with the system's rights.</summary>
    Exposed,
    /// <summary>Anything else; the message has Windows' words.</summary>
    Failed,
}

/// <summary>A service cannot be installed, removed or run; the message says what to do.</summary>
public sealed class ServiceException(ServiceError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public ServiceError Error { get; } = error;
}
