using System.Runtime.Versioning;

namespace RemoteAccess.Trust;

/// <summary>Whether others could put something else in the place of a program that runs with more rights than theirs.</summary>
[SupportedOSPlatform("windows")]
public static class ProgramAccess
{
    /// <summary>Why accounts other than the system, administrators and this one can change a file, put something beside it, or replace a directory above it.</summary>
    /// <param name="file">An absolute path.</param>
    /// <returns>Words for people, or null when they cannot.</returns>
    /// <exception cref="StateException">It is not there, or its access list cannot be read.</exception>
    public static string? WhyReplaceable(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return FileFault.Run(file, () => OwnerAccess.WhyReplaceable(file));
    }
}
