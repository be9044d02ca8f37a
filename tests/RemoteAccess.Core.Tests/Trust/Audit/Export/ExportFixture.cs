using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A ledger with one entry of each kind that matters to an export, and texts that try to be more than text.</summary>
internal sealed class ExportFixture : IAsyncDisposable
{
    private readonly LedgerFolder folder = new();

    public const string Key = "04abcdef";

    /// <summary>Texts a technician's name or reason might hold.</summary>
    public static readonly string[] Hostile =
    [
        "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "  =1+1", "\t=1", "＝1+1", "'quoted", "a;=cmd", "a\"b\"\"c", "a|b\\|c", "a=b\\=c", "x]y\\]z", "back\\slash\\", "line\nfeed", "carriage\r\nreturn",
        "\u0000null\u0001", "emoji 😀👩‍🔧", "\u202Eright to left", "line\u2028separator", "</script><b>", "comma,comma", "",
    ];

    public List<LedgerEntry> Entries { get; private set; } = [];

    public static async Task<ExportFixture> CreateAsync(params LedgerEvent[] events)
    {
        var fixture = new ExportFixture();
        await using Ledger ledger = fixture.folder.Open();
        foreach (LedgerEvent entry in events)
        {
            await ledger.AppendAsync(entry, TestContext.Current.CancellationToken);
            fixture.folder.Clock.Advance(TimeSpan.FromMilliseconds(1001));
        }

        fixture.Entries = [.. ledger.Read()];
        return fixture;
    }

    public static Task<ExportFixture> HostileAsync() => CreateAsync([.. Hostile.Select(text => Accepted(text, text)), Large()]);

    public static LedgerEvent Accepted(string name, string reason) => new()
    {
        Type = "session.accepted",
        SessionId = Id(1),
        GrantId = Id(2),
        Actor = new JsonObject { ["kind"] = "technician", ["name"] = name, ["key"] = Key },
        Data = new JsonObject { ["peer"] = "tcp 192.0.2.7:4711", ["reason"] = reason, ["operations"] = new JsonArray("ViewScreen"), ["failedAttempts"] = 0, ["resumed"] = false },
    };

    public static LedgerEvent Other(string type, JsonObject? data = null) => new()
    {
        Type = type,
        SessionId = Id(1),
        GrantId = Id(2),
        Actor = new JsonObject { ["kind"] = type.StartsWith("grant", StringComparison.Ordinal) ? "customer" : "agent", ["name"] = "Erika" },
        Data = data ?? [],
    };

    /// <summary>As long as an entry may be, to a few bytes.</summary>
    public static LedgerEvent Large() => Accepted("Max", string.Concat(Enumerable.Repeat("=|\\]\"", 1900)));

    public static byte[] Id(byte value) => [.. Enumerable.Repeat(value, 16)];

    public byte[] Export(LedgerExportFormat format)
    {
        using var output = new MemoryStream();
        Assert.Equal(Entries.Count, LedgerExport.Write(Entries, format, output, TestContext.Current.CancellationToken));
        return output.ToArray();
    }

    public string ExportText(LedgerExportFormat format)
    {
        // Strict: an export that is not UTF-8 fails here.
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Export(format));
        Assert.False(text.StartsWith('\uFEFF'));
        return text;
    }

    /// <summary>One line an entry, each ended.</summary>
    public string[] ExportLines(LedgerExportFormat format)
    {
        string text = ExportText(format);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
