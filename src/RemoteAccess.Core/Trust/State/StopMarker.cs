namespace RemoteAccess.Trust;

/// <summary>
/// The customer's "stop now", for all sessions of all processes: a number that only grows. A session ends when it is no longer the one it
/// began under. A write cut short has counted.
/// </summary>
internal static class StopMarker
{
    private const string Context = "stop";

    /// <summary>Makes the file if there is none, as in state of an earlier version. The caller holds the state lock.</summary>
    public static void Prepare(string path)
    {
        if (!File.Exists(path)) SlotFile.Create(path, Context, []);
    }

    /// <summary>How often everything was stopped.</summary>
    /// <exception cref="StateException">Missing, exposed or damaged: nobody can tell, and no session goes on.</exception>
    public static ulong Read(string path)
    {
        SlotContent slot = SlotFile.Read(path, Context);
        // Another process may be writing at this moment; what is torn twice stays torn.
        if (slot.Torn) slot = SlotFile.Read(path, Context);
        return slot.Torn ? slot.Sequence + 1 : slot.Sequence;
    }

    /// <summary>On the disk when it returns; the caller holds the state lock.</summary>
    public static void Increase(string path) => SlotFile.Write(path, Context, []);
}
