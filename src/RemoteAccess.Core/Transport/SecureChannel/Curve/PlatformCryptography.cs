namespace RemoteAccess.Transport;

/// <summary>What the start-up self-test found out about this machine's cryptography. Thread-safe.</summary>
public static class PlatformCryptography
{
    /// <summary>
    /// True when the operating system's ECDSA or ECDH gave wrong answers or none (as under Wine) and managed code stands in for it.
    /// Such a machine is a test platform; an agent on it reports itself as one. The first call runs the test, some milliseconds.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The managed code fails the self-test too.</exception>
    public static bool UsesFallback => P256.UsesFallback;
}
