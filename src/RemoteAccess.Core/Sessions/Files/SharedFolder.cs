namespace RemoteAccess.Sessions;

/// <summary>A folder of the customer's computer that technicians with <see cref="Operations.TransferFiles"/> see under a name. Nothing outside it can be reached; links in it are not followed.</summary>
public sealed record SharedFolder
{
    /// <summary>A folder under a name.</summary>
    /// <param name="name">What technicians and the customer's history call it: a name that a file may have on every system.</param>
    /// <param name="path">Where it is, on a local disk; it may come into being later.</param>
    /// <param name="isReadOnly">Files can be fetched from it, and none put there.</param>
    /// <exception cref="ArgumentException">Not such a name, or not a full path on a local disk.</exception>
    public SharedFolder(string name, string path, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(path);
        if (!FileNames.IsAcceptable(name)) throw new ArgumentException($"'{name}' cannot be the name of a shared folder: it must be a name that a file may have on every system.", nameof(name));
        if (!Path.IsPathFullyQualified(path) || path.StartsWith(@"\\", StringComparison.Ordinal)) throw new ArgumentException($"'{path}' is not the full path of a folder on a local disk.", nameof(path));
        (Name, FullPath, IsReadOnly) = (name, Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), isReadOnly);
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Whether files can only be fetched from it.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Upper and lower case alike.</summary>
    internal bool HasNameOf(SharedFolder other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);
}
