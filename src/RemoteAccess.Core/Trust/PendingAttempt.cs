using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>The one PAKE of a grant that is under way: the hold on the grant's slot and the verifier it runs against. One owner.</summary>
internal sealed class PendingAttempt(ConnectRequest request, SafeFileHandle? hold) : IDisposable
{
    private SafeFileHandle? hold = hold;
    private AccessVerifier? verifier;

    public ConnectRequest Request { get; } = request;

    /// <summary>False when another attempt has the slot.</summary>
    public bool IsHeld => hold is not null;

    /// <summary>Hands the verifier over, to be zeroed with the attempt.</summary>
    public AccessVerifier Own(AccessVerifier loaded) => verifier = loaded;

    /// <summary>Moves everything to a new owner; disposing this one then does nothing.</summary>
    public PendingAttempt Keep()
    {
        var kept = new PendingAttempt(Request, hold) { verifier = verifier };
        hold = null;
        verifier = null;
        return kept;
    }

    public void Dispose()
    {
        verifier?.Dispose();
        hold?.Dispose();
    }
}
