using System.Diagnostics;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Texts on their way to programs that asked for them: at once, or piece by piece where one request of the X server's cannot hold them (ICCCM 2.7.2), each piece when the last one was
/// taken. Who takes nothing for <see cref="Patience"/> gets no more. A text on its way stays what it was when it was asked for.
/// </summary>
internal sealed unsafe class PieceTransfers(XConnection connection, ClipboardAtoms atoms)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MaxAtOnce = 32;

    /// <summary>A request of the core protocol's size, and no more than 64 KiB, so that nobody else waits for it.</summary>
    private readonly int piece = (int)Math.Min((LibX11Selection.XMaxRequestSize(connection.Display) * 4) - 64, 64 * 1024);

    private readonly List<Transfer> running = [];

    private sealed class Transfer(nuint requestor, nuint property, nuint type, byte[] bytes)
    {
        public nuint Requestor => requestor;

        public nuint Property => property;

        public nuint Type => type;

        public byte[] Bytes => bytes;

        public int Offset { get; set; }

        public long Moved { get; set; } = Stopwatch.GetTimestamp();
    }

    /// <returns>False when so many are under way that it has to be refused.</returns>
    public bool Give(nuint requestor, nuint property, nuint type, byte[] bytes)
    {
        running.RemoveAll(other => other.Requestor == requestor && other.Property == property);
        if (bytes.Length <= piece)
        {
            Write(requestor, property, type, bytes);
            return true;
        }
        if (running.Count == MaxAtOnce) return false;
        running.Add(new Transfer(requestor, property, type, bytes));
        _ = LibX11.XSelectInput(connection.Display, requestor, LibX11Selection.PropertyChangeMask | LibX11.StructureNotifyMask);
        nuint size = (nuint)bytes.Length;
        _ = LibX11.XChangeProperty(connection.Display, requestor, property, atoms.Incr, 32, LibX11.PropertyReplace, (byte*)&size, 1);
        return true;
    }

    /// <summary>Somebody took away a property, and wants what comes next.</summary>
    public void GoOn(nuint requestor, nuint property)
    {
        if (running.Find(transfer => transfer.Requestor == requestor && transfer.Property == property) is not { } next) return;
        int count = Math.Min(piece, next.Bytes.Length - next.Offset);
        // Some programs (Tk) read each piece for itself: no character of UTF-8 is cut in two.
        while (next.Type != LibX11Window.AtomString && next.Offset + count < next.Bytes.Length && (next.Bytes[next.Offset + count] & 0xC0) == 0x80) count--;
        Write(requestor, property, next.Type, next.Bytes.AsSpan(next.Offset, count));
        next.Offset += count;
        next.Moved = Stopwatch.GetTimestamp();
        // The empty piece says that it was the last.
        if (count == 0) End(next);
        _ = LibX11.XFlush(connection.Display);
    }

    /// <summary>Whoever asked is gone.</summary>
    public void Drop(nuint requestor) => running.RemoveAll(transfer => transfer.Requestor == requestor);

    /// <summary>Ends those that nobody takes; how many milliseconds until the next may be one, or -1.</summary>
    public int DropSilent()
    {
        foreach (Transfer silent in running.Where(transfer => Stopwatch.GetElapsedTime(transfer.Moved) >= Patience).ToArray()) End(silent);
        return running.Count == 0 ? -1 : (int)(Patience - running.Max(transfer => Stopwatch.GetElapsedTime(transfer.Moved))).TotalMilliseconds + 1;
    }

    private void End(Transfer transfer)
    {
        running.Remove(transfer);
        if (running.Exists(other => other.Requestor == transfer.Requestor)) return;
        _ = LibX11.XSelectInput(connection.Display, transfer.Requestor, 0);
    }

    private void Write(nuint requestor, nuint property, nuint type, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes) _ = LibX11.XChangeProperty(connection.Display, requestor, property, type, 8, LibX11.PropertyReplace, data, bytes.Length);
    }
}
