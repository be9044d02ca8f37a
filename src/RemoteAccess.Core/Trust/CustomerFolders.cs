using Microsoft.Extensions.Logging;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// The folders that the customer shares with technicians who may transfer files, beside those that the host application shares. Kept in the state directory, and asked for at each use: what is shared
/// or taken back counts at once, in running sessions of every process. Thread-safe.
/// </summary>
public sealed class CustomerFolders
{
    private readonly StateDirectory state;
    private readonly TrustRecord record;
    private readonly ILogger logger;
    private readonly string closed;
    private volatile Look? last;
    private volatile IReadOnlyList<SharedFolder> hostFolders = [];

    /// <summary>What the host application shares, for whoever is shown what is shared.</summary>
    internal IReadOnlyList<SharedFolder> HostFolders
    {
        get => hostFolders;
        set => hostFolders = value;
    }

    internal CustomerFolders(StateDirectory state, TrustRecord record, ILogger logger)
    {
        (this.state, this.record, this.logger) = (state, record, logger);
        closed = RootedPath.Real(state.Root);
    }

    /// <summary>What is shared now.</summary>
    /// <exception cref="StateException">It cannot be read, and nothing of it is shared.</exception>
    public IReadOnlyList<SharedFolder> List() => SharedFolderFile.Read(state.SharedFolders);

    /// <summary>Shares a folder until it is taken back; recorded first.</summary>
    /// <param name="folder">At most 64 in all.</param>
    /// <param name="sharedBy">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels before it is recorded.</param>
    /// <returns>False when one of this name is shared already, or there are too many.</returns>
    /// <exception cref="ArgumentException">The folder holds this computer's state, or lies in it; or no name.</exception>
    /// <exception cref="StateException">Not recorded or not written, and not shared.</exception>
    public async ValueTask<bool> ShareAsync(SharedFolder folder, string sharedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        OnSiteConsent.ValidateName(sharedBy);
        if (!MayBeShared(RealOf(folder))) throw new ArgumentException($"{folder.FullPath} cannot be shared: the keys and the record of this computer are there.", nameof(folder));
        if (!HasRoomFor(List(), folder)) return false;
        await record.WriteAsync(TrustEvents.OfFolder("folder.shared", folder, sharedBy), cancellationToken).ConfigureAwait(false);
        using (state.Lock())
        {
            IReadOnlyList<SharedFolder> now = List();
            if (!HasRoomFor(now, folder)) return false;
            SharedFolderFile.Write(state.SharedFolders, [.. now, folder]);
        }
        return true;
    }

    /// <summary>Takes a folder back, and then records it: nothing more is fetched from it or put there, not even the rest of a file that is on its way.</summary>
    /// <param name="name">As in <see cref="List"/>, upper and lower case alike.</param>
    /// <param name="takenBackBy">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels nothing but the wait for the entry.</param>
    /// <returns>False when the customer shares none of this name.</returns>
    /// <exception cref="ArgumentException">No name of a person.</exception>
    /// <exception cref="StateException">Not taken back; or, when the path names the ledger, taken back and not recorded.</exception>
    public async ValueTask<bool> TakeBackAsync(string name, string takenBackBy, CancellationToken cancellationToken)
    {
        OnSiteConsent.ValidateName(takenBackBy);
        SharedFolder? found;
        using (state.Lock())
        {
            IReadOnlyList<SharedFolder> now = List();
            found = now.FirstOrDefault(folder => string.Equals(folder.Name, name, StringComparison.OrdinalIgnoreCase));
            if (found is null) return false;
            SharedFolderFile.Write(state.SharedFolders, [.. now.Where(folder => folder != found)]);
        }
        await record.WriteLastAsync(TrustEvents.OfFolder("folder.taken-back", found, takenBackBy), cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>For a running session: what is shared at this moment, and nothing where that cannot be known.</summary>
    internal IReadOnlyList<SharedFolder> Now()
    {
        FileStamp stamp = FileStamp.Of(state.SharedFolders);
        if (last is { } known && known.Stamp == stamp) return known.Folders;
        IReadOnlyList<SharedFolder> folders;
        try
        {
            folders = List();
        }
        catch (StateException error)
        {
            Log.SharedFoldersUnreadable(logger, error);
            folders = [];
        }
        // What was written between the two looks is seen by the next.
        last = new Look(stamp, folders);
        return folders;
    }

    /// <summary>Whatever is shared, nobody gets the state: neither a folder in it nor one around it.</summary>
    /// <param name="real">Its real place.</param>
    internal bool MayBeShared(string real) => !RootedPath.IsWithin(real, closed) && !RootedPath.IsWithin(closed, real);

    private static bool HasRoomFor(IReadOnlyList<SharedFolder> folders, SharedFolder another) => folders.Count < SharedFolderFile.MaxFolders && !folders.Any(other => other.HasNameOf(another));

    private static string RealOf(SharedFolder folder)
    {
        try
        {
            return RootedPath.Real(folder.FullPath);
        }
        catch (IOException circles)
        {
            throw new ArgumentException(circles.Message, nameof(folder), circles);
        }
    }

    private sealed record Look(FileStamp Stamp, IReadOnlyList<SharedFolder> Folders);
}
