namespace RemoteAccess.Transport;

/// <summary>Which provider is used, decided once at start by a known-answer self-test.</summary>
internal sealed record P256Selection(IP256Provider Provider, bool IsFallback)
{
    /// <exception cref="PlatformNotSupportedException">Neither gives the right answers: this machine cannot run the protocol.</exception>
    public static P256Selection Choose(IP256Provider system, IP256Provider fallback)
    {
        if (P256SelfTest.Passes(system)) return new P256Selection(system, IsFallback: false);
        if (P256SelfTest.Passes(fallback)) return new P256Selection(fallback, IsFallback: true);
        throw new PlatformNotSupportedException("P-256 arithmetic gives wrong answers on this machine; no channel can be secured on it.");
    }
}
