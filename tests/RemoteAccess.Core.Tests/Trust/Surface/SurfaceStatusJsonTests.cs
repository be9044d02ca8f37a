using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A status as it travels: whole, or refused with the part that is missing.</summary>
public sealed class SurfaceStatusJsonTests
{
    /// <summary>What may be null, and is then as good as not there.</summary>
    private static readonly string[] Optional = ["blockedUntil", "trouble", "grants.notAfter", "grants.hours", "notices.grant"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SurfaceStatus Full => new()
    {
        ComputerName = "PC",
        BlockedUntil = DateTimeOffset.UnixEpoch.AddDays(1),
        Trouble = "Something cannot be read.",
        TroubleWhy = "State.Corrupted",
        TroublePath = "policy.json",
        CanStorePasswords = true,
        Folders = [new SurfaceFolder("Inbox", "/srv/inbox", IsReadOnly: true, IsCustomers: true)],
        AreFoldersDamaged = true,
        Grants =
        [
            new SurfaceGrant
            {
                Id = new string('0', 32), Nickname = "A", State = GrantState.Live, Operations = Operations.ViewScreen, Withdrawn = Operations.ViewScreen, NotAfter = DateTimeOffset.UnixEpoch.AddDays(2),
                Schedule = new WeeklyHours("UTC", [new HoursWindow([DayOfWeek.Monday], 60, 120)]), ConsentedBy = "Erika", FailedAttempts = 3, NeedsUnlock = true, Passwords = [new StoredCredential("erika", StoredCredentialState.Stale)],
            },
        ],
        Sessions =
        [
            new SurfaceSession
            {
                Id = new string('1', 32), Technician = "Max", Nickname = "A", Reason = "Printer", Operations = Operations.Chat, Withdrawn = Operations.Chat, Used = Operations.Chat, IsWatching = true, IsRecording = true,
                Chat = [new SurfaceChatText(DateTimeOffset.UnixEpoch, IsTechnicians: true, "Hello")], Began = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch.AddHours(1),
            },
        ],
        Notices = [NoticeWords.English.Say(new string('2', 32), new GrantNotice { At = DateTimeOffset.UnixEpoch, GrantId = new string('0', 32), Nickname = "A", Operations = Operations.Chat, NotAfter = DateTimeOffset.UnixEpoch, ConsentedBy = "Erika" })],
    };

    public static TheoryData<string> Members
    {
        get
        {
            JsonObject status = Travelled();
            return [.. Names(status, ""), .. Names(First(status, "grants"), "grants."), .. Names(First(status, "sessions"), "sessions."), .. Names(First(status, "notices"), "notices."), .. Names(First(status, "folders"), "folders.")];
        }
    }

    [Fact]
    public void Status_ThereAndBack_IsTheSame()
    {
        string described = SurfaceStatusJson.Describe(Full).ToJsonString();

        Assert.Equal(described, SurfaceStatusJson.Describe(SurfaceStatusJson.Read((JsonObject)JsonNode.Parse(described)!)).ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Status_WithoutAPart_IsRefusedWithItsName(string member)
    {
        JsonObject status = Travelled();
        string[] path = member.Split('.');
        Assert.True((path.Length == 1 ? status : First(status, path[0])).Remove(path[^1]));

        Exception? refused = Record.Exception(() => SurfaceStatusJson.Read(status));

        if (Optional.Contains(member)) Assert.Null(refused);
        else if (path[^1] == "passwords") Assert.Contains("passwords", Assert.IsType<InvalidDataException>(refused).Message, StringComparison.Ordinal);
        else Assert.Contains($"\"{path[^1]}\"", Assert.IsType<InvalidDataException>(refused).Message, StringComparison.Ordinal);
    }

    /// <summary>What the person reads: not that the agent is away, but that one of the two programs is to be updated.</summary>
    [Fact]
    public async Task Connection_AgentWhoseStatusLacksAPart_SaysThatItIsNotUnderstood()
    {
        JsonObject status = Travelled();
        Assert.True(status.Remove("folders"));
        (MemoryLink agent, MemoryLink surface) = MemoryLink.CreatePair();
        await using MemoryLink closing = agent;
        await agent.Output.WriteAsync(Encoding.UTF8.GetBytes(new JsonObject { ["version"] = SurfaceLines.Version, ["number"] = 1, ["status"] = status }.ToJsonString() + "\n"), Cancel);

        SurfaceException refused = await Assert.ThrowsAsync<SurfaceException>(() => SurfaceConnection.OpenAsync(_ => Task.FromResult<ILink>(surface), CultureInfo.GetCultureInfo("de"), TimeProvider.System, Cancel));

        Assert.Equal(NoticeTexts.For(CultureInfo.GetCultureInfo("de"))["error.NotUnderstood"], refused.Message);
        Assert.Contains("\"folders\"", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    private static JsonObject Travelled() => (JsonObject)JsonNode.Parse(SurfaceStatusJson.Describe(Full).ToJsonString())!;

    private static JsonObject First(JsonObject status, string list) => (JsonObject)status[list]![0]!;

    private static IEnumerable<string> Names(JsonObject part, string before) => part.Select(pair => before + pair.Key);
}
