using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Sessions;

/// <summary>The seam to where an open file is in truth, by the operating system's own word, whatever links the way to it had when it was opened, and to what is done with it by its handle. Thread-safe.</summary>
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

    /// <summary>Makes a file, to be written, and to be given its name by <see cref="Rename"/>. While it is open nobody else writes, renames or deletes it.</summary>
    /// <param name="path">Its full path; nothing is there yet.</param>
    /// <returns>The open file; the caller's.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    SafeFileHandle Create(string path);

    /// <summary>Gives an open file another name in the folder that it is in, by handles only: a link that was put into the way to it changes nothing. It stays open.</summary>
    /// <param name="opened">As <see cref="Create"/> made it.</param>
    /// <param name="name">A file's name, without a folder.</param>
    /// <param name="mayReplace">In the place of a file of that name, if there is one, in one step.</param>
    /// <exception cref="IOException">It cannot be done, as when there is one that may not be replaced; the file has its old name.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be done, as when somebody has that one open.</exception>
    void Rename(SafeFileHandle opened, string name, bool mayReplace);
}
