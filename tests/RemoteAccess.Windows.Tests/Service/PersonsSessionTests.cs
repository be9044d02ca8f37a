using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>Which session is served. (number, active, user) each; Wine has one session.</summary>
public sealed class PersonsSessionTests
{
    private const string Nobody = "1 -", Erika = "1 erika", Remote = "2 max", Later = "3 ada", Gone = "2! max", Service = "0 SYSTEM";

    [Theory]
    // Somebody at the console comes first, whoever else is there, and whoever was served.
    [InlineData(1, new[] { Service, Erika, Remote }, null, 1)]
    [InlineData(1, new[] { Erika, Remote }, 2, 1)]
    // Nobody there: the remote session with a user; the one that is served stays, else the first.
    [InlineData(1, new[] { Service, Nobody, Remote }, 1, 2)]
    [InlineData(1, new[] { Nobody, Later, Remote }, null, 2)]
    [InlineData(1, new[] { Nobody, Later, Remote }, 3, 3)]
    // It is left when it is disconnected; then the log-on screen of the console.
    [InlineData(1, new[] { Nobody, Later, Gone }, 2, 3)]
    [InlineData(1, new[] { Nobody, Gone }, 2, 1)]
    // A user of the console whose screen a remote connection took: its session is the remote one then, and the console another.
    [InlineData(4, new[] { "4 -", Erika }, 1, 1)]
    [InlineData(1, new[] { "1! erika", Remote }, 1, 2)]
    // Nothing is known, or the console changes.
    [InlineData(1, new string[0], null, 1)]
    [InlineData(null, new string[0], 1, null)]
    [InlineData(null, new[] { Remote }, null, 2)]
    [InlineData(1, new[] { Service }, null, 1)]
    public void Session_OfAll_IsThePersons(int? console, string[] sessions, int? current, int? expected) =>
        Assert.Equal((uint?)expected, PersonsSession.Choose((uint?)console, [.. sessions.Select(Read)], (uint?)current));

    [Fact]
    public void ThisComputer_ListsItsSession()
    {
        IReadOnlyList<SessionFacts> sessions = WindowsSessions.List();

        // Wine lists one, or says nothing.
        Assert.True(sessions.Count == 0 || sessions.Any(static session => session.IsActive), string.Join(", ", sessions));
    }

    private static SessionFacts Read(string text)
    {
        string[] parts = text.Split(' ');
        return new SessionFacts(uint.Parse(parts[0].TrimEnd('!'), System.Globalization.CultureInfo.InvariantCulture), !parts[0].EndsWith('!'), parts[1] == "-" ? "" : parts[1]);
    }
}
