using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>
/// The newest status, numbered. Sessions are this process's and come from memory, at once; grants, block and notices come from the disk, when it
/// was changed here or <see cref="Poll"/> sees that another process did. Thread-safe.
/// </summary>
internal sealed class SurfaceStatusBook(TrustFlow trust, StateDirectory state, NoticeStore notices, SurfaceChat chat, TimeProvider time, ILogger logger)
{
    private const int MaxText = 512;

    private readonly Lock gate = new();
    private readonly Lock reading = new();
    private readonly StateStamps stamps = new(state, time);
    private SurfaceStatus ground = new() { ComputerName = "" };
    private DateTimeOffset blockedUntil;
    private string content = "";
    private SurfacePage page = new(0, []);

    /// <summary>Raised after <see cref="Page"/> was replaced, outside the lock.</summary>
    public event Action? Turned;

    public SurfacePage Page
    {
        get
        {
            lock (gate) return page;
        }
    }

    /// <summary>Something changed in memory: what sessions there are and what they may and did.</summary>
    public long Refresh()
    {
        bool turned;
        long number;
        lock (gate)
        {
            turned = Turn();
            number = page.Number;
        }
        if (turned) Turned?.Invoke();
        return number;
    }

    /// <summary>Something changed on the disk. The caller does not hold the state lock.</summary>
    public void Reread()
    {
        // One at a time, so that what was read last also counts last.
        lock (reading)
        {
            SurfaceStatus read = ReadGround(out DateTimeOffset until);
            lock (gate) (ground, blockedUntil) = (read, until);
        }
        Refresh();
    }

    /// <summary>Looks whether another process changed something. One caller at a time.</summary>
    public void Poll()
    {
        if (stamps.HaveChanged()) Reread();
        else Refresh();
    }

    private bool Turn()
    {
        SurfaceStatus status = ground with
        {
            BlockedUntil = blockedUntil > time.GetUtcNow() ? blockedUntil : null,
            Folders = Shared(ground.Folders),
            Sessions = [.. trust.Gate.Sessions.Select(session => session.Describe() with
            {
                Nickname = ground.Grants.FirstOrDefault(grant => grant.Id == GrantStore.NameOf(session.Grant.Id.Span))?.Nickname ?? "",
                Chat = chat.Read(GrantStore.NameOf(session.Id.Span)),
            }).OrderBy(static session => session.Began).ThenBy(static session => session.Id, StringComparer.Ordinal).Select(Shown)],
        };
        JsonObject described = SurfaceStatusJson.Describe(status);
        string next = described.ToJsonString();
        if (next == content) return false;
        content = next;
        page = new SurfacePage(page.Number + 1, SurfaceLines.Write(new JsonObject { ["version"] = SurfaceLines.Version, ["number"] = page.Number + 1, ["status"] = described }));
        return true;
    }

    private SurfaceStatus ReadGround(out DateTimeOffset until)
    {
        var read = new SurfaceStatus { ComputerName = trust.ComputerName, CanStorePasswords = trust.StoredCredentials.CanAsk };
        until = default;
        StateException? record = null;
        try
        {
            read = read with { Grants = [.. trust.Grants.Select(grant => Describe(grant, ref record))] };
            until = trust.BlockedUntil;
            ComputerPolicy.Read(state.Policy);
        }
        catch (StateException unreadable)
        {
            Log.SurfaceStateUnreadable(logger, unreadable);
            read = read with { Trouble = unreadable.Message, TroubleWhy = SurfaceRefusal.StateKey(unreadable.Error), TroublePath = unreadable.Path };
        }
        if (record is not null)
        {
            Log.SurfaceStateUnreadable(logger, record);
            // What keeps everybody out comes first; this keeps nobody out.
            if (read.Trouble is null) read = read with { Trouble = record.Message, TroubleWhy = nameof(SurfaceProblem.PasswordRecord), TroublePath = record.Path };
        }
        return ReadFolders(read) with { Notices = notices.Read() };
    }

    /// <summary>As technicians see them: where two have one name, the host application's.</summary>
    private List<SurfaceFolder> Shared(IReadOnlyList<SurfaceFolder> customers)
    {
        List<SurfaceFolder> shared = [.. trust.SharedFolders.HostFolders.Select(static folder => new SurfaceFolder(folder.Name, folder.FullPath, folder.IsReadOnly, IsCustomers: false))];
        shared.AddRange(customers.Where(mine => !shared.Any(other => string.Equals(other.Name, mine.Name, StringComparison.OrdinalIgnoreCase))));
        return shared;
    }

    private SurfaceStatus ReadFolders(SurfaceStatus read)
    {
        try
        {
            return read with { Folders = [.. trust.SharedFolders.List().Select(static folder => new SurfaceFolder(folder.Name, folder.FullPath, folder.IsReadOnly, IsCustomers: true))] };
        }
        catch (StateException unreadable)
        {
            Log.SharedFoldersUnreadable(logger, unreadable);
            return read with { AreFoldersDamaged = true };
        }
    }

    private SurfaceGrant Describe(GrantSummary grant, ref StateException? unreadable) => new()
    {
        Id = GrantStore.NameOf(grant.Id.Span),
        Nickname = grant.Nickname,
        State = grant.State,
        Operations = grant.Grant?.MaxOperations ?? Operations.None,
        Withdrawn = grant.Withdrawn,
        NotAfter = grant.Grant?.NotAfter,
        Schedule = grant.Grant?.Policy.Hours,
        ConsentedBy = grant.Grant?.ConsentedBy ?? "",
        FailedAttempts = grant.FailedAttempts,
        NeedsUnlock = grant.NeedsUnlock,
        Passwords = grant.Grant?.MaxOperations.HasFlag(Operations.FillCredential) == true ? Passwords(grant.Id, ref unreadable) : [],
    };

    private IReadOnlyList<StoredCredential> Passwords(ReadOnlyMemory<byte> grantId, ref StateException? unreadable)
    {
        IReadOnlyList<StoredCredential> readable = trust.StoredCredentials.List(grantId, out StateException? record);
        unreadable ??= record;
        return readable;
    }

    private static SurfaceSession Shown(SurfaceSession session) => session with
    {
        Technician = PrintableText.Of(PrintableText.Cut(session.Technician, MaxText)),
        Reason = PrintableText.Of(PrintableText.Cut(session.Reason, MaxText)),
    };
}

/// <summary>One status as it is sent.</summary>
internal readonly record struct SurfacePage(long Number, byte[] Line);
