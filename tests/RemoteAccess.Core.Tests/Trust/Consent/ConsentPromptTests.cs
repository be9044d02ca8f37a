using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

public sealed class ConsentPromptTests
{
    [Fact]
    public void Prompt_UnattendedGrant_TellsEverythingInReadingOrder()
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Unattended);

        Assert.Equal(
            [ConsentBlockKind.Title, ConsentBlockKind.Requester, ConsentBlockKind.Verified, ConsentBlockKind.Allows, ConsentBlockKind.Until,
                ConsentBlockKind.Hours, ConsentBlockKind.Reason, ConsentBlockKind.Computer, ConsentBlockKind.Stop, ConsentBlockKind.Countdown],
            prompt.Blocks.Select(block => block.Kind));
        Assert.Equal(["Grace Hopper", "Contoso IT"], prompt.Block(ConsentBlockKind.Requester).Lines);
        Assert.Equal(["see your screen", "use your mouse and keyboard"], prompt.Block(ConsentBlockKind.Allows).Lines);
        // Midnight in Berlin is the next day there, and it is the zone's time that is told.
        Assert.Equal(["Until Saturday 1 August 2026 00:00 (Europe/Berlin, UTC+02:00)"], prompt.Block(ConsentBlockKind.Until).Lines.Select(line => line.Replace(",", "", StringComparison.Ordinal).Replace("Berlin UTC", "Berlin, UTC", StringComparison.Ordinal)));
        Assert.Equal(["Monday, Friday, 08:00 to 18:00", "Sunday, 22:00 to 02:00 on the next day", "Times of Europe/Berlin"], prompt.Block(ConsentBlockKind.Hours).Lines);
        Assert.Equal(["If nobody answers within 60 seconds, the request is refused."], prompt.Block(ConsentBlockKind.Countdown).Lines);
        Assert.All(prompt.Blocks, block => Assert.All(block.Lines, line => Assert.False(string.IsNullOrWhiteSpace(line))));
    }

    [Fact]
    public void Text_OfAPrompt_HoldsEveryBlockAndItsHashIsRecomputable()
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Unattended);

        Assert.All(prompt.Blocks, block => Assert.All(block.Lines, line => Assert.Contains(line, prompt.Text, StringComparison.Ordinal)));
        Assert.Contains("\n> “Updates at night”\n", prompt.Text, StringComparison.Ordinal);
        Assert.EndsWith("[Refuse] [Allow]\n", prompt.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', prompt.Text);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(prompt.Text)), prompt.TextHash.ToArray());
        Assert.Equal(prompt.Text, ConsentSamples.Show(ConsentSamples.Unattended).Text);
        Assert.NotEqual(prompt.Text, ConsentSamples.Show(ConsentSamples.Unattended with { Operations = Operations.ViewScreen }).Text);
    }

    [Fact]
    public void Prompt_UnverifiedTechnician_IsAnAlertAndNeverSaysVerified()
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Attended with { IsVerified = false, TechnicianName = "Identity verified by Contoso" });

        ConsentBlock alert = prompt.Block(ConsentBlockKind.Unverified);
        Assert.Equal(ConsentRole.Alert, alert.Role);
        Assert.StartsWith("NOT VERIFIED", alert.Lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(prompt.Blocks, block => block.Kind == ConsentBlockKind.Verified);
    }

    [Theory]
    [InlineData(ConsentKind.Operation, InUseRule.AskThenRefuse, ConsentDecision.Refuse)]
    [InlineData(ConsentKind.ConnectionWhileInUse, InUseRule.AskThenRefuse, ConsentDecision.Refuse)]
    [InlineData(ConsentKind.ConnectionWhileInUse, InUseRule.AskThenAllow, ConsentDecision.Allow)]
    public void TimeoutDecision_OfARequest_IsRefuseUnlessTheGrantSaysOtherwise(ConsentKind kind, InUseRule rule, ConsentDecision expected)
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.InUse with { Kind = kind, InUse = rule, Operations = Operations.ViewScreen });

        Assert.Equal(expected, prompt.TimeoutDecision);
        Assert.Equal(expected == ConsentDecision.Allow, prompt.Text.Contains("the technician is connected, as agreed", StringComparison.Ordinal));
    }

    [Fact]
    public void CountdownText_TimeLeft_IsWholeSecondsRoundedUpAndNeverNegative()
    {
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Attended);

        Assert.Equal("No answer means no: 60 s left", prompt.CountdownText(TimeSpan.FromSeconds(59.2)));
        Assert.Equal("No answer means no: 0 s left", prompt.CountdownText(TimeSpan.FromSeconds(-5)));
    }

    public static TheoryData<string> HostileTexts => ["", " ", "two\nlines", "bell\a", "\u001b[2J", "turned\u202Eback", "hid\u200Bden", "soft\u00ADhyphen", "\u3164", "Z\u0301\u0302\u0303\u0304\u0305", "\uE000", "\uD800", "tag\U000E0041"];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Create_HostileText_IsRefusedByName(string text)
    {
        Assert.Contains("Reason", Assert.Throws<ArgumentException>(() => ConsentSamples.Show(ConsentSamples.Attended with { Reason = text })).Message, StringComparison.Ordinal);
        Assert.Contains("TechnicianName", Assert.Throws<ArgumentException>(() => ConsentSamples.Show(ConsentSamples.Attended with { TechnicianName = text })).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => ConsentSamples.Show(ConsentSamples.Unattended with { Nickname = text }));
    }

    [Fact]
    public void Text_ReasonThatImitatesThePrompt_StaysInItsQuotation()
    {
        const string Imitation = "x” - see your screen {0} [Allow]";
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Attended with { Reason = Imitation });

        string line = Assert.Single(prompt.Text.Split('\n'), line => line.Contains("{0}", StringComparison.Ordinal));
        Assert.Equal($"> “{Imitation}”", line);
        Assert.Equal(ConsentRole.Quotation, prompt.Block(ConsentBlockKind.Reason).Role);
    }

    public static TheoryData<ConsentRequest> Malformed =>
    [
        ConsentSamples.Attended with { Operations = Operations.None },
        ConsentSamples.Attended with { Operations = (Operations)(1 << 20) },
        ConsentSamples.Attended with { Kind = (ConsentKind)9 },
        ConsentSamples.Attended with { Kind = ConsentKind.Operation },
        ConsentSamples.Attended with { InUse = InUseRule.AskThenAllow },
        ConsentSamples.InUse with { InUse = InUseRule.Allow },
        ConsentSamples.Unattended with { Until = null },
        ConsentSamples.Unattended with { Nickname = null },
        ConsentSamples.Attended with { Hours = ConsentSamples.Unattended.Hours },
        ConsentSamples.Attended with { Timeout = TimeSpan.Zero },
        ConsentSamples.Attended with { Timeout = TimeSpan.FromSeconds(1.5) },
        ConsentSamples.Attended with { Timeout = TimeSpan.FromMinutes(11) },
        ConsentSamples.Attended with { Reason = new string('x', ConsentRequest.MaxReasonBytes + 1) },
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Create_RequestOutsideItsRanges_Throws(ConsentRequest request) => Assert.ThrowsAny<ArgumentException>(() => ConsentSamples.Show(request));

    [Fact]
    public void Create_LongestRequest_FitsIntoTheRecord()
    {
        HoursWindow window = new([.. Enum.GetValues<DayOfWeek>()], 1, 2);
        ConsentRequest longest = ConsentSamples.Unattended with
        {
            Operations = Operations.All,
            Reason = new string('x', ConsentRequest.MaxReasonBytes),
            Hours = new WeeklyHours("Europe/Berlin", [.. Enumerable.Repeat(window, WeeklyHours.MaxWindows)]),
        };

        string name = new('x', ConsentRequest.MaxNameBytes);
        longest = longest with { TechnicianName = name, Organisation = name, SessionCode = name, StopHint = name, Nickname = new string('漢', 128) };

        Assert.All(ConsentTexts.Languages, language => Assert.InRange(Encoding.UTF8.GetByteCount(ConsentSamples.Show(longest, language).Text), 1000, ConsentPrompt.MaxTextBytes));
    }
}
