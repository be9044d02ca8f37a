namespace RemoteAccess;

/// <summary>What is wrong with the agent's state directory or one of its files.</summary>
public enum StateError
{
    /// <summary>The directory or file is not there.</summary>
    Missing,
    /// <summary>The content is not what was written: damaged or altered.</summary>
    Corrupted,
    /// <summary>Written by a newer version of this software.</summary>
    NewerVersion,
    /// <summary>No permission, or a read-only file system.</summary>
    NotWritable,
    /// <summary>The disk is full.</summary>
    DiskFull,
    /// <summary>Other accounts could read or replace it; its permissions must be narrowed first.</summary>
    Exposed,
}

/// <summary>The agent's state cannot be used. Nothing has been changed, and nothing is permitted until somebody looks.</summary>
public sealed class StateException(StateError error, string path, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public StateError Error { get; } = error;

    /// <summary>The file or directory concerned.</summary>
    public string Path { get; } = path;
}
