using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

public sealed class ConsentEvidenceTests
{
    private static readonly ConsentEvidence Sample = new()
    {
        Text = ConsentSamples.Show(ConsentSamples.Unattended, "ja").Text,
        Locale = "ja",
        ShownTo = "ada",
        Answer = new ConsentAnswer(ConsentDecision.Allow, ConsentHow.Pressed, new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero)),
    };

    [Fact]
    public async Task LedgerData_WrittenAndReadBack_GivesTheHashOfTheGrant()
    {
        using var folder = new LedgerFolder();
        await using (Ledger ledger = folder.Open())
        {
            await ledger.AppendAsync(new LedgerEvent { Type = "consent.answered", Actor = new JsonObject { ["kind"] = "customer" }, Data = Sample.ToLedgerData() }, TestContext.Current.CancellationToken);
        }
        JsonObject read = Assert.Single(LedgerReader.Read(folder.Path)).Data();

        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes((string)read["text"]!)), ConsentSamples.Show(ConsentSamples.Unattended, "ja").TextHash.ToArray());
        Assert.True(ConsentEvidence.TryRead(read, out ConsentEvidence? evidence));
        Assert.Equal(Sample, evidence);
    }

    [Fact]
    public void Matches_Grant_OnlyOneMadeOnScreenUnderThisTextByThisPerson()
    {
        Assert.True(Sample.Matches(Grant()));
        Assert.False(Sample.Matches(Grant(ConsentMethod.OnSiteVerbal)));
        Assert.False(Sample.Matches(Grant(by: "eve")));
        Assert.False((Sample with { Text = Sample.Text + " " }).Matches(Grant()));
        Assert.False((Sample with { Answer = Sample.Answer with { How = ConsentHow.TimedOut } }).Matches(Grant()));
        Assert.False((Sample with { Answer = Sample.Answer with { Decision = ConsentDecision.Refuse } }).Matches(Grant()));
    }

    [Theory]
    [InlineData("text", "something else")]
    [InlineData("textHash", "00")]
    [InlineData("decision", "Perhaps")]
    [InlineData("at", "yesterday")]
    [InlineData("how", null)]
    public void TryRead_EntryThatWasChanged_IsFalse(string member, string? value)
    {
        JsonObject data = Sample.ToLedgerData();
        data[member] = value;

        Assert.False(ConsentEvidence.TryRead(data, out _));
    }

    private static Grant Grant(ConsentMethod method = ConsentMethod.OnScreen, string by = "ada") => new()
    {
        Id = default, HostKey = default, TenantKey = default, Issued = default, NotBefore = default, NotAfter = default,
        MaxOperations = Operations.ViewScreen, MinSuite = 1, CodeKind = AccessCodeKind.Generated, ScryptLog2N = 1, ScryptR = 1, ScryptP = 1,
        Salt = default, RouteKey = default, PolicyJson = "", Encoded = default, Digest = default,
        ConsentMethod = method, ConsentTextHash = Sample.TextHash, ConsentedBy = by,
    };
}
