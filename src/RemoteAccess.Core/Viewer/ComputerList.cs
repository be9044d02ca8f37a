using System.Net;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The computers that a technician holds grants for: a folder of grant files (<c>*.grant</c>) and what is noted beside them (<see cref="ComputerNotes"/>), as they were when it was opened. Works
/// without a broker. Immutable.
/// </summary>
public sealed class ComputerList
{
    /// <summary>The most grants in a folder.</summary>
    public const int MaxComputers = 100_000;

    /// <summary>How long a computer is waited for by <see cref="AskAsync(KnownComputer, TimeProvider, CancellationToken)"/>.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MaxFileBytes = 64 * 1024;

    private ComputerList(IReadOnlyList<KnownComputer> computers, IReadOnlyList<string> unreadable) => (Computers, Unreadable) = (computers, unreadable);

    /// <summary>In the order of company, department and user.</summary>
    public IReadOnlyList<KnownComputer> Computers { get; }

    /// <summary>Files of the folder that are no grants, or hold one that another file holds too.</summary>
    public IReadOnlyList<string> Unreadable { get; }

    /// <summary>Reads a folder. Verifies every grant, which takes about half a millisecond of one core each.</summary>
    /// <exception cref="StateException">The folder is not there, holds too much, or its notes are damaged.</exception>
    public static ComputerList Open(string folder)
    {
        Dictionary<string, ComputerNote> notes = ComputerNotes.Of(folder).Read();
        string[] files = Find(Path.GetFullPath(folder));
        var grants = new Grant?[files.Length];
        Parallel.For(0, files.Length, i => grants[i] = TryRead(files[i]));
        var computers = new List<KnownComputer>();
        var unreadable = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < files.Length; i++)
        {
            if (grants[i] is { } grant && known.Add(Convert.ToHexStringLower(grant.Id.Span))) computers.Add(Describe(grant, files[i], notes));
            else unreadable.Add(files[i]);
        }
        return Of(computers, unreadable);
    }

    internal static ComputerList Of(IEnumerable<KnownComputer> computers, IReadOnlyList<string> unreadable)
    {
        List<KnownComputer> sorted = [.. computers];
        foreach (KnownComputer computer in sorted) _ = computer.Searched;
        sorted.Sort(static (one, other) => string.CompareOrdinal(one.Order, other.Order) is not 0 and var order ? order : string.CompareOrdinal(one.GrantFile, other.GrantFile));
        return new ComputerList(sorted, unreadable);
    }

    /// <summary>
    /// Those in which every word is found, in nickname or address, without regard to case and accents; all of them for no word. Whatever is typed behind it can only remove some.
    /// </summary>
    public IReadOnlyList<KnownComputer> Search(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] wanted = SearchWords.Split(words);
        return wanted.Length == 0 ? Computers : [.. Computers.Where(computer => Array.TrueForAll(wanted, word => computer.Searched.Contains(word, StringComparison.Ordinal)))];
    }

    /// <summary>
    /// Asks a computer at its address whether it is there: the first flight of a handshake, in which it proves who it is. No access code is needed and no guess is charged; whoever asks stays a
    /// stranger to the computer, which counts an unfinished handshake. What the grant alone rules out is not asked.
    /// </summary>
    /// <param name="computer">Whom.</param>
    /// <param name="time">The clock; null is the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ComputerStatus> AskAsync(KnownComputer computer, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(computer);
        time ??= TimeProvider.System;
        ComputerStatus known = computer.StatusAt(time.GetUtcNow());
        if (known != ComputerStatus.Unknown || EndPointOf(computer.Address) is not { } address) return known;
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await AskAsync(await TcpLink.ConnectAsync(address, either.Token).ConfigureAwait(false), computer.Grant, time, either.Token).ConfigureAwait(false);
        }
        catch (ChannelException error) when (error.Error == ChannelError.Unreachable)
        {
            return ComputerStatus.Offline;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ComputerStatus.Offline;
        }
    }

    /// <summary>The same over any link, which is disposed. For a grant in its period.</summary>
    internal static async Task<ComputerStatus> AskAsync(ILink link, Grant grant, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await TechnicianHandshake.MeetAsync(link, grant, time, cancellationToken).ConfigureAwait(false);
            return ComputerStatus.Online;
        }
        catch (ChannelException error)
        {
            return error.Error switch
            {
                ChannelError.NotAuthentic => ComputerStatus.AnotherComputer,
                ChannelError.TimedOut => ComputerStatus.Offline,
                _ => ComputerStatus.Unknown,
            };
        }
        catch (AccessRefusedException)
        {
            // Said in the clear, perhaps by anybody on the way.
            return ComputerStatus.Unknown;
        }
    }

    private static string[] Find(string folder) => FileFault.Run(folder, () =>
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.grant").Take(MaxComputers + 1)];
        if (files.Length > MaxComputers) throw new StateException(StateError.Corrupted, folder, $"{folder} holds more than {MaxComputers} grants.");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    });

    private static Grant? TryRead(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxFileBytes && Grant.TryReadPem(File.ReadAllText(file), out Grant? grant) ? grant : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static KnownComputer Describe(Grant grant, string file, Dictionary<string, ComputerNote> notes)
    {
        notes.TryGetValue(Convert.ToHexStringLower(grant.Id.Span), out ComputerNote? note);
        string named = PrintableText.Of(note?.Nickname ?? "").Trim();
        if (named.Length == 0) named = PrintableText.Of(Path.GetFileNameWithoutExtension(file));
        return new KnownComputer
        {
            Grant = grant,
            GrantFile = file,
            Nickname = PrintableText.Cut(named, Nickname.MaxLength),
            Address = note?.Address is { } address ? PrintableText.Of(address) : null,
            LastConnected = note?.LastConnected,
        };
    }

    private static EndPoint? EndPointOf(string? address)
    {
        if (address is null) return null;
        if (IPEndPoint.TryParse(address, out IPEndPoint? end) && end.Port != 0) return end;
        int colon = address.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort port) && port != 0 && Uri.CheckHostName(address[..colon]) == UriHostNameType.Dns
            ? new DnsEndPoint(address[..colon], port)
            : null;
    }
}
