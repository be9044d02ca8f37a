using System.IO.Pipelines;

namespace RemoteAccess.Transport;

/// <summary>
/// A reliable ordered byte stream between two parties who do not trust it. Disposing it ends both directions at once, without ceremony:
/// what a proper end is, the channel on top decides.
/// </summary>
public interface ILink : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Where the other end is, for people and the ledger: "tcp 192.0.2.7:52114", "memory". Never trusted.</summary>
    string Peer { get; }
}
