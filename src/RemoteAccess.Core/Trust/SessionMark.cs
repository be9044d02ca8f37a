using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// That a session runs, as a file in <c>sessions</c> of the state directory whose lock the process that serves it holds, from before it is recorded as accepted until its
/// end is. The operating system lets the lock go when the process dies, however it does: a mark that can be taken is of a session that nobody serves. One owner.
/// </summary>
internal sealed class SessionMark : IDisposable
{
    private const int MaxBytes = 64;
    private static readonly byte[] Told = "told\n"u8.ToArray();

    private readonly string path;
    private readonly SafeFileHandle held;
    private readonly byte[] content;

    private SessionMark(string path, SafeFileHandle held)
    {
        this.path = path;
        this.held = held;
        content = FileFault.Run(path, Read);
    }

    /// <summary>16 bytes.</summary>
    public ReadOnlyMemory<byte> SessionId => Convert.FromHexString(Path.GetFileName(path));

    /// <summary>An entry before the first one of the session; 0 when the mark was cut short.</summary>
    public long From => Encoding.ASCII.GetString(content).Split('\n') is [var number, _, ..] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long from) ? from : 0;

    /// <summary>Whether the customer has a notice of the session's end already.</summary>
    public bool IsTold => content.AsSpan().EndsWith(Told);

    /// <summary>On the disk, and held, when it returns. The state's lock keeps others from taking it between the two.</summary>
    /// <exception cref="StateException">It could not be made: the session must not begin.</exception>
    public static SessionMark Make(StateDirectory state, ReadOnlyMemory<byte> sessionId, long from)
    {
        string path = Path.Combine(state.Sessions, Convert.ToHexStringLower(sessionId.Span));
        using (state.Lock())
        {
            if (!Directory.Exists(state.Sessions)) PrivateFile.CreateDirectory(state.Sessions);
            PrivateFile.RequirePrivateDirectory(state.Sessions);
            FileFault.Run(path, () => PrivateFile.Create(path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{from}\n"))));
            return TryTake(path) ?? throw new StateException(StateError.NotWritable, path, $"Another process holds {path}, which was made a moment ago. Find it and end it.");
        }
    }

    /// <summary>The marks that no process holds, held by the caller from now on.</summary>
    /// <param name="state">Where.</param>
    /// <param name="failed">Told of one that cannot be read; it stays.</param>
    /// <exception cref="StateException">The directory is exposed or cannot be read.</exception>
    public static IReadOnlyList<SessionMark> TakeLeft(StateDirectory state, Action<StateException> failed)
    {
        if (!Directory.Exists(state.Sessions)) return [];
        using IDisposable alone = state.Lock();
        PrivateFile.RequirePrivateDirectory(state.Sessions);
        List<SessionMark> left = [];
        foreach (string path in FileFault.Run(state.Sessions, () => Directory.GetFiles(state.Sessions)).Where(static path => SurfaceActions.IsId(Path.GetFileName(path))))
        {
            try
            {
                if (TryTake(path) is { } mark) left.Add(mark);
            }
            catch (StateException gone) when (gone.Error == StateError.Missing)
            {
                // Its session ended a moment ago.
                continue;
            }
            catch (StateException failure)
            {
                failed(failure);
            }
        }
        return left;
    }

    /// <summary>The customer has a notice; the end is not in the ledger.</summary>
    /// <exception cref="StateException">It could not be written.</exception>
    public void MarkTold() => FileFault.Run(path, () => RandomAccess.Write(held, Told, RandomAccess.GetLength(held)));

    /// <summary>Nothing is left to do about the session.</summary>
    /// <exception cref="StateException">It is still there, for the next process that opens the state.</exception>
    public void Remove()
    {
        // While it is held: whoever takes it afterwards looks whether it is still there.
        FileFault.Run(path, () => File.Delete(path));
        held.Dispose();
    }

    /// <summary>Lets it go and leaves it.</summary>
    public void Dispose() => held.Dispose();

    private static SessionMark? TryTake(string path)
    {
        SafeFileHandle? held = FileLock.TryTake(path);
        if (held is null) return null;
        try
        {
            if (File.Exists(path)) return new SessionMark(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
        held.Dispose();
        return null;
    }

    private byte[] Read()
    {
        byte[] read = new byte[MaxBytes];
        return read[..RandomAccess.Read(held, read, 0)];
    }
}
