using System.IO.Pipelines;

namespace RemoteAccess.Transport;

/// <summary>
/// A reliable ordered byte stream between two parties who do not trust it. Disposing it ends both directions at once, without ceremony:
/// what a proper end is, the channel on top decides. <see cref="IDuplexPipe.Input"/> and <see cref="IDuplexPipe.Output"/> take one caller
/// each at a time and may be used side by side; disposal may come from any thread.
/// <para>After disposal, here: a pending or later read or flush throws <see cref="IOException"/>. At the peer: reads deliver what had
/// arrived and then complete, or throw <see cref="IOException"/> when the system reports a broken connection; flushes complete or throw
/// <see cref="IOException"/>. Completing <see cref="IDuplexPipe.Output"/> sends what is left and tells the peer that no more comes, while
/// the other direction stays open (not on named pipes, which cannot say it).</para>
/// </summary>
public interface ILink : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Where the other end is, for people and the ledger: "tcp 192.0.2.7:52114", "memory". Never trusted.</summary>
    string Peer { get; }
}
