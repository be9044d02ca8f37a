using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>Who is connected now, asked of the running agent as a surface that shows nothing.</summary>
internal static class RunningSessions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The running agent.</summary>
    /// <param name="state">Its state; null is the service's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SurfaceException">None with a surface runs for this state.</exception>
    public static async Task<SurfaceConnection> OpenAsync(string? state, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            if (OperatingSystem.IsWindows() && (state is null || ServiceCommand.IsState(state))) return await WindowsSurfacePipe.ConnectAsync(ServiceCommand.Name, CultureInfo.InvariantCulture, limit.Token);
            return await SurfaceConnection.OpenAsync(state!, CultureInfo.InvariantCulture, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SurfaceException("The agent does not answer.");
        }
    }

    /// <summary>Null when no agent with a surface runs: then nobody can say.</summary>
    public static async Task<IReadOnlyList<SurfaceSession>?> TryReadAsync(string state, CancellationToken cancellationToken) => (await TryReadStatusAsync(state, cancellationToken))?.Sessions;

    /// <summary>What a running agent shows; null when none with a surface runs.</summary>
    public static async Task<SurfaceStatus?> TryReadStatusAsync(string state, CancellationToken cancellationToken)
    {
        try
        {
            await using SurfaceConnection agent = await OpenAsync(state, cancellationToken);
            return agent.Status;
        }
        catch (SurfaceException)
        {
            return null;
        }
    }

    /// <summary>The one that is meant.</summary>
    /// <exception cref="ArgumentException">There is none, or it is not clear which.</exception>
    public static SurfaceSession Choose(IReadOnlyList<SurfaceSession> sessions, string? id)
    {
        SurfaceSession[] candidates = [.. sessions.Where(session => id is null || session.Id.Equals(id, StringComparison.OrdinalIgnoreCase))];
        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException(id is null ? "Nobody is connected." : $"There is no session '{id}'. See 'remoteaccess-agent status'."),
            _ => throw new ArgumentException("More than one session runs; name one by its id with --session. See 'remoteaccess-agent status'."),
        };
    }

    /// <summary>What gives something is not for a command to take while a technician could have typed it.</summary>
    /// <exception cref="ArgumentException">One could have.</exception>
    public static void RefuseTypist(IReadOnlyList<SurfaceSession> sessions)
    {
        if (sessions.FirstOrDefault(other => (other.Operations & ~other.Withdrawn & (Operations.ControlInput | Operations.RunCommands)) != Operations.None) is { } typist)
            throw new ArgumentException($"{OneLine(typist.Technician)} may use keyboard and mouse or run commands, and could have typed this. Withdraw control and commands first, or use the window.");
    }

    public static void Print(IReadOnlyList<SurfaceSession>? sessions)
    {
        if (sessions is null) Console.WriteLine("Who is connected now is not known here: no agent with a surface runs.");
        else if (sessions.Count == 0) Console.WriteLine("Nobody is connected.");
        foreach (SurfaceSession session in sessions ?? [])
        {
            Console.WriteLine();
            Console.WriteLine($"{OneLine(session.Technician)} is connected");
            Console.WriteLine($"  session   {session.Id}");
            Console.WriteLine($"  since     {session.Began:u}, until {session.ExpiresAt:u} at the latest");
            if (session.Nickname.Length > 0) Console.WriteLine($"  under     {OneLine(session.Nickname)}");
            if (session.Reason.Length > 0) Console.WriteLine($"  reason    {OneLine(session.Reason)}");
            Console.WriteLine($"  permitted {session.Operations & ~session.Withdrawn}");
            if (session.Withdrawn != Operations.None) Console.WriteLine($"  withdrawn {session.Withdrawn}");
            Console.WriteLine($"  used      {session.Used}{(session.IsWatching ? "; sees the screen now" : "")}");
            if (session.IsRecording) Console.WriteLine("  RECORDED  what is seen is written to a file; 'withdraw record' ends that");
        }
    }

    public static JsonArray? Describe(IReadOnlyList<SurfaceSession>? sessions) => sessions is null ? null : new JsonArray([.. sessions.Select(session => new JsonObject
    {
        ["id"] = session.Id,
        ["technician"] = session.Technician,
        ["nickname"] = session.Nickname,
        ["reason"] = session.Reason,
        ["began"] = session.Began.ToString("u"),
        ["expiresAt"] = session.ExpiresAt.ToString("u"),
        ["permitted"] = (session.Operations & ~session.Withdrawn).ToString(),
        ["withdrawn"] = session.Withdrawn.ToString(),
        ["used"] = session.Used.ToString(),
        ["isWatching"] = session.IsWatching,
        ["isRecording"] = session.IsRecording,
    })]);

    /// <summary>A technician's words, without what would move a terminal's cursor or cannot be seen.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isHarmless = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            line.Append(isHarmless ? rune.ToString() : "\uFFFD");
        }
        return line.ToString();
    }
}
