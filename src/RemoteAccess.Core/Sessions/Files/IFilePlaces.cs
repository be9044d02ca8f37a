using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Sessions;

/// <summary>The seam to where an open file is in truth, by the operating system's own word, whatever links the way to it had when it was opened. Thread-safe.</summary>
public interface IFilePlaces
{
    /// <summary>Where a file is.</summary>
    /// <param name="opened">An open file.</param>
    /// <returns>Its full path, without links, in the system's own spelling; null when that is on no local disk, or not known.</returns>
    string? WhereIs(SafeFileHandle opened);

    /// <summary>Where a folder is.</summary>
    /// <param name="folder">Its full path.</param>
    /// <returns>As of a file.</returns>
    string? WhereIs(string folder);
}
