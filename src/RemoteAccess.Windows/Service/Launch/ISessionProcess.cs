using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>A process that was started in a Windows session, and that ends with this one. Thread-safe.</summary>
internal interface ISessionProcess : IDisposable
{
    /// <summary>Who it is, as Windows says.</summary>
    Transport.PipePeer Peer { get; }

    /// <summary>Completes when it has ended, with its exit code.</summary>
    Task<int> Ended { get; }

    /// <summary>Ends it and all it started. Nothing when it has ended.</summary>
    void Kill();

    /// <summary>Its token, to act in its session.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">Windows refuses.</exception>
    SafeAccessTokenHandle OpenToken();

    /// <summary>Gives it a handle of ours.</summary>
    /// <returns>The handle's value there.</returns>
    /// <exception cref="IOException">It is gone.</exception>
    nint Give(SafeHandle handle);
}
