using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The names that programs exchange clipboards by, as the server numbers them.</summary>
internal sealed class ClipboardAtoms(XConnection connection)
{
    /// <summary>What password managers offer beside the text, "secret" in it (KDE's Klipper made it, others follow).</summary>
    public const string Hint = "x-kde-passwordManagerHint";

    private const int PropertyCount = 8;
    private readonly nuint[] properties = [.. Enumerable.Range(0, PropertyCount).Select(i => Intern(connection, $"_REMOTEACCESS_CLIPBOARD_{i}"))];
    private int next;

    public nuint Clipboard { get; } = Intern(connection, "CLIPBOARD");

    public nuint Targets { get; } = Intern(connection, "TARGETS");

    public nuint Multiple { get; } = Intern(connection, "MULTIPLE");

    public nuint AtomPair { get; } = Intern(connection, "ATOM_PAIR");

    public nuint Timestamp { get; } = Intern(connection, "TIMESTAMP");

    public nuint Incr { get; } = Intern(connection, "INCR");

    public nuint Utf8 { get; } = Intern(connection, "UTF8_STRING");

    public nuint Text { get; } = Intern(connection, "TEXT");

    public nuint PlainUtf8 { get; } = Intern(connection, "text/plain;charset=utf-8");

    public nuint PasswordHint { get; } = Intern(connection, Hint);

    /// <summary>Where the next answer goes: not where an owner that was given up may still write.</summary>
    public nuint NextProperty() => properties[next++ % PropertyCount];

    private static nuint Intern(XConnection connection, string name) => LibX11.XInternAtom(connection.Display, name, 0);
}
