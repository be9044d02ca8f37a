using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>
/// What the customer has not seen yet, in <c>notices</c> of the state directory, a file each, until it is dismissed. Kept whether or not a surface
/// runs: it is shown by the next one. When there are too many the oldest of the same kind goes, so that short sessions cannot push out the notice of
/// a grant; all of it is in the ledger anyway. Thread-safe, and several processes may use it.
/// </summary>
internal sealed class NoticeStore(StateDirectory state, NoticeWords words, ILogger logger)
{
    /// <summary>Of each kind.</summary>
    public const int MaxNotices = 64;

    /// <summary>The longest file.</summary>
    public const int MaxBytes = 16 * 1024;

    private const string Extension = ".json";

    private static readonly DamagedNotice Damaged = new() { At = DateTimeOffset.UnixEpoch };

    /// <summary>Keeps a notice. One that cannot be kept is a line in the log: what it tells about has happened.</summary>
    /// <param name="facts">What it tells.</param>
    /// <param name="own">See <see cref="NoticeFacts.NewId"/>: kept twice, it is one notice.</param>
    public void Add(NoticeFacts facts, ReadOnlyMemory<byte> own = default)
    {
        try
        {
            if (!Directory.Exists(state.Notices)) PrivateFile.CreateDirectory(state.Notices);
            PrivateFile.RequirePrivateDirectory(state.Notices);
            string prefix = facts switch { GrantNotice => "grant-", PasswordNotice => "password-", _ => "session-" };
            foreach (string old in Files(prefix).SkipLast(MaxNotices - 1)) FileFault.Run(old, () => File.Delete(old));
            PrivateFile.Write(Path.Combine(state.Notices, prefix + facts.NewId(own.Span) + Extension), facts.Encode());
        }
        catch (StateException failure)
        {
            Log.NoticeNotKept(logger, failure);
        }
    }

    /// <summary>Oldest first. What cannot be read is shown as that, so that it can be dismissed too.</summary>
    public IReadOnlyList<SurfaceNotice> Read()
    {
        try
        {
            return [.. Files("").Select(Read).OfType<SurfaceNotice>().OrderBy(static notice => notice.Id, StringComparer.Ordinal)];
        }
        catch (StateException failure)
        {
            Log.SurfaceStateUnreadable(logger, failure);
            return [];
        }
    }

    /// <summary>The customer has seen it. Nothing happens when there is none of that id.</summary>
    /// <param name="id">32 lower-case hex digits.</param>
    /// <exception cref="StateException">It is still there.</exception>
    public void Remove(string id)
    {
        foreach (string path in Files("").Where(path => IdOf(path) == id)) FileFault.Run(path, () => File.Delete(path));
    }

    private SurfaceNotice? Read(string path)
    {
        try
        {
            return words.Say(IdOf(path), NoticeFacts.TryRead(PrivateFile.Read(path, MaxBytes)) ?? Damaged);
        }
        catch (StateException failure) when (failure.Error == StateError.Missing)
        {
            // Dismissed a moment ago.
            return null;
        }
        catch (StateException failure)
        {
            Log.SurfaceStateUnreadable(logger, failure);
            return words.Say(IdOf(path), Damaged);
        }
    }

    private string[] Files(string prefix) => FileFault.Run(state.Notices, () => !Directory.Exists(state.Notices) ? [] : Directory
        .EnumerateFiles(state.Notices, prefix + "*" + Extension)
        .Where(static path => SurfaceActions.IsId(IdOf(path)))
        .OrderBy(IdOf, StringComparer.Ordinal)
        .Take(4 * MaxNotices)
        .ToArray());

    private static string IdOf(string path) => Path.GetFileNameWithoutExtension(path) is var name ? name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] : "";
}
