using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary>The customer reads the record: parts of it, exports, reports.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
public sealed class HistoryAndReportTests(Office office)
{
    [Fact]
    public async Task History_OfAPart_ShowsOnlyThat()
    {
        string state = await office.CopyStateAsync();
        (await Office.AskAsync("revoke", state, "--yes", "--by", "Ada Byron")).Succeeded();

        Assert.Contains("revoked the grant", Assert.Single((await Office.AskAsync("history", state, "--last", "1")).Succeeded().Lines), StringComparison.Ordinal);
        Assert.Contains("agreed to", Assert.Single((await Office.AskAsync("history", state, "--type", "grant.created")).Succeeded().Lines), StringComparison.Ordinal);
        Assert.Equal(2, (await Office.AskAsync("history", state, "--type", "grant.created", "--type", "grant.revoked", "--since", "2020-01-01")).Succeeded().Lines.Length);
        Assert.Equal("", (await Office.AskAsync("history", state, "--until", "2020-01-01T00:00Z")).Succeeded().Output);
        Assert.Equal("", (await Office.AskAsync("history", state, "--technician", "Nobody")).Succeeded().Output);
    }

    [Theory]
    [InlineData("json", "{\"actor\":{")]
    [InlineData("csv", "seq,time,type,")]
    [InlineData("cef", "CEF:0|RemoteAccess|Ledger|1|grant.created|")]
    [InlineData("syslog", "<109>1 ")]
    [InlineData("ocsf", "{\"category_uid\":3,")]
    [InlineData("otel", "{\"resourceLogs\":[")]
    public async Task History_Exported_IsWrittenToANewFileOrNotAtAll(string format, string begin)
    {
        string state = await office.CopyStateAsync(), file = office.NewPath("export");

        Assert.Equal("", (await Office.AskAsync("history", state, "--format", format, "--out", file)).Succeeded().Output);
        string exported = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.StartsWith(begin, exported, StringComparison.Ordinal);
        Assert.Equal(exported, (await Office.AskAsync("history", state, "--format", format)).Succeeded().Output);

        (await Office.AskAsync("history", state, "--format", format, "--out", file)).Complained(1, file, "exists already");
        Assert.Equal(exported, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(file + ".part"));
    }

    [Fact]
    public async Task Report_OfTheMonth_TellsTheGrantAndThatTheLedgerIsIntact()
    {
        string state = await office.CopyStateAsync(), file = office.NewPath("report.html"), month = TimeProvider.System.GetUtcNow().ToString("yyyy-MM", null);

        (await Office.AskAsync("report", state, "--month", month, "--zone", "UTC", "--out", file)).Succeeded();
        string page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("The ledger was verified and is intact: 1 entries, 1 of them signed", page, StringComparison.Ordinal);
        Assert.Contains("Ada Byron agreed to unattended support", page, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse((await Office.AskAsync("report", state, "--format", "json")).Succeeded().Output);
        Assert.Equal("grant.created", json.RootElement.GetProperty("grants")[0].GetProperty("type").GetString());
        Assert.StartsWith("kind,begin,", (await Office.AskAsync("report", state, "--format", "csv", "--month", "2020-01")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Contoso", 1)]
    [InlineData("Contoso:Front desk", 1)]
    [InlineData("Con", 0)]
    [InlineData("Fabrikam", 0)]
    public async Task Report_OfOneCustomer_TakesWholePartsOfTheNickname(string customer, int grants)
    {
        string state = await office.CopyStateAsync();

        using JsonDocument json = JsonDocument.Parse((await Office.AskAsync("report", state, "--format", "json", "--customer", customer)).Succeeded().Output);

        Assert.Equal(customer, json.RootElement.GetProperty("customer").GetString());
        Assert.Equal(grants, json.RootElement.GetProperty("grants").GetArrayLength());
    }

    [Fact]
    public async Task HistoryAndReport_BadValues_AreComplainedAbout()
    {
        string state = await office.CopyStateAsync();

        (await Office.AskAsync("history", state, "--since", "yesterday")).Complained(1, "'yesterday' is not a time");
        (await Office.AskAsync("history", state, "--since", "2026-03-02", "--until", "2026-03-01")).Complained(1, "lies before");
        (await Office.AskAsync("history", state, "--session", "12")).Complained(1, "'12' is not a session's id");
        (await Office.AskAsync("history", state, "--type", "Grant")).Complained(1, "\"Grant\" is not the type of an entry");
        (await Office.AskAsync("history", state, "--last", "0")).Complained(1, "--last must be 1 or more");
        (await Office.AskAsync("history", state, "--format", "xml")).Complained(1, "'xml' is not a format");
        (await Office.AskAsync("history", state, "--out", office.NewPath("x"))).Complained(1, "--out needs a --format");
        (await Office.AskAsync("report", state, "--customer", "Contoso:")).Complained(1, "has an empty part");
        (await Office.AskAsync("report", state, "--week", "2025-W53")).Complained(1, "'2025-W53' is not a week");
        (await Office.AskAsync("report", state, "--month", "2026-13")).Complained(1, "'2026-13' is not a month");
        (await Office.AskAsync("report", state, "--zone", "Mars/Base")).Complained(1, "no time zone 'Mars/Base'");
        (await Office.AskAsync("report", state, "--session", new string('0', 32))).Complained(1, "knows no session");
        (await Office.AskAsync("report", state, "--week", "2026-W10", "--month", "2026-03")).Complained(1, "Name one of");
    }
}
