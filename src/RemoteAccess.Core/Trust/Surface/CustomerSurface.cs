using System.Globalization;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// What a trust store needs of the customer's surface: whether the person sees what goes on, and to be told when something changes. Notices are kept
/// also where no surface is required, for the next one that runs. Thread-safe.
/// </summary>
internal sealed class CustomerSurface : IAsyncDisposable
{
    private readonly NoticeStore notices;
    private readonly TimeProvider time;
    private readonly SurfaceStatusBook? book;
    private readonly SurfaceServer? server;

    /// <exception cref="ArgumentException">A member of the requirement is outside its range.</exception>
    /// <exception cref="StateException">The socket cannot be where it should.</exception>
    private CustomerSurface(TrustOptions options, TrustFlow trust, StateDirectory state)
    {
        time = options.TimeProvider;
        notices = new NoticeStore(state, new NoticeWords(CultureInfo.InvariantCulture, options.Presence?.Zone ?? time.LocalTimeZone), options.Logger);
        IsChosen = options.Surface is not null;
        options.Surface?.Validate();
        if (options.Surface is not { IsShownByHost: false } requirement) return;
        Presence = new SurfacePresence(time);
        book = new SurfaceStatusBook(trust, state, notices, time, options.Logger);
        var acts = new SurfaceActs(trust, state, book, notices, new PasswordActs(trust, options), time);
        server = new SurfaceServer(Listening(requirement, state, options), book, Presence, acts, time, options.Logger);
    }

    /// <summary>Whether somebody decided how the person is shown who is connected.</summary>
    public bool IsChosen { get; }

    /// <summary>Null when no surface is required.</summary>
    public SurfacePresence? Presence { get; }

    /// <inheritdoc cref="CustomerSurface(TrustOptions, TrustFlow, StateDirectory)"/>
    /// <exception cref="PlatformNotSupportedException">This version knows who connects on Linux and Windows only.</exception>
    public static CustomerSurface Create(TrustOptions options, TrustFlow trust, StateDirectory state) => new(options, trust, state);

    /// <summary>The trust store is whole; surfaces may connect.</summary>
    public void Start() => server?.Start();

    /// <summary>A session has begun: from now on it counts only what a surface says that knows of it.</summary>
    public void Began()
    {
        if (book is not null) Presence?.Demand(book.Refresh());
    }

    /// <summary>Something changed in a session.</summary>
    public void Changed() => book?.Refresh();

    /// <summary>A session is over and recorded.</summary>
    public void Ended(LiveSession session, SessionFacts facts)
    {
        notices.Add(SessionNotice.Of(session, time.GetUtcNow(), time.GetElapsedTime(facts.AcceptedTimestamp), session.Papers.Notes));
        book?.Reread();
    }

    /// <summary>A session of a process that died is recorded as lost.</summary>
    public void Lost(SessionStory story)
    {
        notices.Add(SessionNotice.Of(story), story.Accepted.SessionId);
        book?.Reread();
    }

    /// <summary>Somebody set up unattended support.</summary>
    public void GrantMade(Grant grant, string nickname)
    {
        notices.Add(GrantNotice.Of(grant, nickname, time.GetUtcNow()));
        book?.Reread();
    }

    /// <summary>A stored password was not right any more and is deleted.</summary>
    public void PasswordForgotten(string user)
    {
        notices.Add(new PasswordNotice { At = time.GetUtcNow(), User = user });
        book?.Reread();
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static Func<ISurfaceListener> Listening(SurfaceRequirement requirement, StateDirectory state, TrustOptions options)
    {
        if (requirement.Listen is { } listen) return listen;
        if (OperatingSystem.IsWindows()) return () => PipeSurfaceListener.Listen(state.Surface);
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("A surface can be required on Linux and Windows only in this version.");
        string path = requirement.SocketPath ?? state.Surface;
        try
        {
            UnixLink.EndPointOf(path);
        }
        catch (ChannelException tooLong)
        {
            throw new StateException(StateError.NotWritable, path, tooLong.Message, tooLong);
        }
        return () => UnixSurfaceListener.Listen(path, requirement, options.SurfaceUser ?? (static link => link.ReadPeerUser()), options.Logger);
    }
}
