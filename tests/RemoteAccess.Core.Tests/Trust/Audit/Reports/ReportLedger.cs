using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Entries as a ledger would hold them, at any time and in any run of the operating system, without a disk.</summary>
internal sealed class ReportLedger
{
    public static readonly DateTimeOffset March = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public List<LedgerEntry> Entries { get; } = [];

    public string Boot { get; set; } = new('1', 32);

    public string Grant { get; set; } = new('9', 32);

    public string Name { get; set; } = "Alex Tester";

    public static byte[] Id(int number) => [.. BitConverter.GetBytes(number), .. new byte[12]];

    public ReportLedger Add(string type, DateTimeOffset time, int session = 0, JsonObject? data = null, JsonObject? actor = null)
    {
        string json = Encoding.UTF8.GetString(CanonicalJson.Encode(new JsonObject
        {
            ["actor"] = actor ?? new JsonObject { ["kind"] = "technician", ["name"] = Name, ["key"] = "04" + new string('a', 128) },
            ["boot"] = Boot,
            ["data"] = data ?? [],
            ["grant"] = Grant,
            ["host"] = new string('c', 64),
            ["mono"] = Math.Max(0, (long)(time - Start).TotalMilliseconds),
            ["prev"] = new string('0', 64),
            ["seq"] = Entries.Count,
            ["sid"] = session == 0 ? "" : Convert.ToHexStringLower(Id(session)),
            ["t"] = time.UtcDateTime.ToString(LedgerEntry.TimeFormat, System.Globalization.CultureInfo.InvariantCulture),
            ["type"] = type,
            ["v"] = 1,
        }));
        Assert.True(LedgerEntry.TryRead(Encoding.UTF8.GetBytes(json), out LedgerEntry? entry));
        Entries.Add(entry!);
        return this;
    }

    public ReportLedger Granted(DateTimeOffset time, string nickname = "Contoso:Front desk:Ada") => Add("grant.created", time, data: new JsonObject
    {
        ["nickname"] = nickname,
        ["operations"] = new JsonArray("ViewScreen", "ControlInput"),
        ["notAfter"] = "2026-12-31T00:00:00Z",
        ["statement"] = "You may help me until the end of the year.",
    }, actor: new JsonObject { ["kind"] = "customer", ["name"] = "Ada Byron" });

    public ReportLedger Accepted(int session, DateTimeOffset time, string reason = "Ticket 4711", int failed = 0) => Add("session.accepted", time, session, new JsonObject
    {
        ["peer"] = "tcp 192.0.2.7:4711",
        ["operations"] = new JsonArray("ViewScreen", "ControlInput"),
        ["reason"] = reason,
        ["expires"] = time.AddHours(12).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["failedAttempts"] = failed,
    });

    public ReportLedger Used(int session, DateTimeOffset time, string operation = "ViewScreen") => Add("operation.used", time, session, new JsonObject { ["operations"] = new JsonArray(operation) });

    public ReportLedger Ended(int session, DateTimeOffset time, int seconds, string text = "finished by the technician", params string[] used) => Add("session.ended", time, session, new JsonObject
    {
        ["reason"] = "SessionEnded",
        ["text"] = text,
        ["seconds"] = seconds,
        ["used"] = new JsonArray([.. used.Select(name => (JsonNode?)name)]),
    }, new JsonObject { ["kind"] = "agent" });

    public LedgerReport Report(ReportPeriod period, DateTimeOffset? made = null, LedgerVerification? verification = null) =>
        LedgerReport.Build(Entries, period, made ?? March.AddDays(60), verification);
}
