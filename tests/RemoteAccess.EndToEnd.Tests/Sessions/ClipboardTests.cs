using System.Collections.Concurrent;
using System.Text;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Two clipboards and a session between them.</summary>
public sealed class ClipboardTests
{
    private readonly ConcurrentQueue<string> copied = new();
    private readonly ConcurrentQueue<RefusalReason> refused = new();

    [Fact]
    public async Task Set_Text_IsOnTheComputersClipboardAndDoesNotComeBack()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk, listens: true);

        Assert.Equal(RefusalReason.None, await visit.Session.Clipboard.SetAsync("Grüße\n🙂", Helpdesk.Limit()));

        Assert.Equal("Grüße\n🙂", desk.Desktop.Clipboard.Text);
        desk.Desktop.Clipboard.CopyAsCustomer("Grüße\n🙂");
        desk.Desktop.Clipboard.CopyAsCustomer("mine");
        await Eventually.Is(() => !copied.IsEmpty, "the customer's text has come");
        Assert.Equal(["mine"], copied);
    }

    [Fact]
    public async Task Copy_BeforeAnybodyListens_IsNotReadAndNotSent()
    {
        await using Helpdesk desk = await OpenAsync();
        desk.Desktop.Clipboard.CopyAsCustomer("old secret");
        Visit visit = await ConnectAsync(desk, listens: false);
        desk.Desktop.Clipboard.CopyAsCustomer("before");
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal(0, desk.Desktop.Clipboard.Users);
        Assert.Empty(desk.History("operation.used"));

        await ListenAsync(desk, visit);
        desk.Desktop.Clipboard.CopyAsCustomer("password", isPrivate: true);
        desk.Desktop.Clipboard.CopyAsCustomer(new string('x', ClipboardText.MaxBytes + 1));
        desk.Desktop.Clipboard.CopyAsCustomer("after");

        await Eventually.Is(() => !copied.IsEmpty, "the text has come");
        Assert.Equal(["after"], copied);
        Assert.Single(desk.History("operation.used"));
    }

    [Fact]
    public async Task Exchange_IsRecordedByLengthBeforeItGoesAndNeverByText()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk, listens: true);
        for (int i = 0; i < 20; i++) await visit.Session.Clipboard.SetAsync($"Geheimnis-{i:00}", Helpdesk.Limit());
        desk.Desktop.Clipboard.CopyAsCustomer("Geheimnis-zurück");
        await Eventually.Is(() => !copied.IsEmpty, "the text has come");
        await visit.Session.DisposeAsync();
        await visit.EndAsync();

        IReadOnlyList<LedgerEntry> entries = desk.History("clipboard.exchanged");
        Assert.InRange(entries.Count, 2, 3);
        Assert.Equal(1, (int?)entries[0].Data()["toComputer"]);
        Assert.Equal((20, 20 * 12, 1, 17), (Sum("toComputer"), Sum("toComputerBytes"), Sum("toTechnician"), Sum("toTechnicianBytes")));
        Assert.All(desk.Trust.ReadHistory(), entry => Assert.DoesNotContain("Geheimnis", Encoding.UTF8.GetString(entry.Raw.Span), StringComparison.Ordinal));
        desk.AssertLedgerIsWhole();

        int Sum(string member) => entries.Sum(entry => (int?)entry.Data()[member] ?? 0);
    }

    [Fact]
    public async Task Withdrawn_BothWaysStop_AndGoOnWhenAskedAgainAfterwards()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk, listens: true);
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);

        await live.WithdrawAsync(Operations.Clipboard, "Erika", Helpdesk.Limit());

        await Eventually.Is(() => refused.Contains(RefusalReason.Withdrawn), "the technician is told");
        Assert.Equal(RefusalReason.Withdrawn, await visit.Session.Clipboard.SetAsync("x", Helpdesk.Limit()));
        desk.Desktop.Clipboard.CopyAsCustomer("not for you");
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal("not for you", desk.Desktop.Clipboard.Text);
        await live.RestoreAsync(Operations.Clipboard, "Erika", Helpdesk.Limit());
        await ListenAsync(desk, visit);
        desk.Desktop.Clipboard.CopyAsCustomer("for you");
        await Eventually.Is(() => !copied.IsEmpty, "the text has come");
        Assert.Equal(["for you"], copied);
        Assert.Equal(RefusalReason.None, await visit.Session.Clipboard.SetAsync("y", Helpdesk.Limit()));
    }

    [Fact]
    public async Task Listen_Off_TellsNothingMore()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk, listens: true);
        await visit.Session.Clipboard.ListenAsync(false, Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());
        desk.Desktop.Clipboard.CopyAsCustomer("alone again");
        await visit.Session.Clipboard.SetAsync("x", Helpdesk.Limit());

        Assert.Empty(copied);
    }

    [Fact]
    public async Task Session_WithoutTheOperation_HasNoClipboard()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
        visit.Session.Clipboard.Refused += (_, refusal) => refused.Enqueue(refusal.Reason);
        await visit.Session.Clipboard.ListenAsync(true, Helpdesk.Limit());

        Assert.Equal(RefusalReason.OperationNotGranted, await visit.Session.Clipboard.SetAsync("x", Helpdesk.Limit()));
        await Eventually.Is(() => refused.Contains(RefusalReason.OperationNotGranted), "the technician is told");
        Assert.Equal("", desk.Desktop.Clipboard.Text);
    }

    [Fact]
    public async Task Set_WhatCannotTravel_IsTheCallersError()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk, listens: false);
        foreach (string text in (string[])["", "a\0b", "\ud800", new string('ü', ClipboardText.MaxBytes / 2) + "x"])
            await Assert.ThrowsAsync<ArgumentException>(() => visit.Session.Clipboard.SetAsync(text, Helpdesk.Limit()));
        string longest = new('ü', ClipboardText.MaxBytes / 2);
        Assert.Equal(RefusalReason.None, await visit.Session.Clipboard.SetAsync(longest, Helpdesk.Limit()));
        Assert.Equal(longest, desk.Desktop.Clipboard.Text);
    }

    [Fact]
    public void Message_AnyBytes_AreATextOrNothing()
    {
        Assert.Equal("é", ClipboardText.TryDecode([1, 0xC3, 0xA9]));
        foreach (byte[] bad in (byte[][])[[], [1], [0, 65], [2, 65], [1, 0xC3], [1, 65, 0], [1, 0xED, 0xA0, 0x80], [1, .. new byte[ClipboardText.MaxBytes + 1]]])
            Assert.Null(ClipboardText.TryDecode(bad));
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            byte[] any = new byte[random.Next(40)];
            random.NextBytes(any);
            if (ClipboardText.TryDecode(any) is { } text) Assert.Equal(any, ClipboardText.Encode(text));
        }
    }

    private static Task<Helpdesk> OpenAsync() => Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.Clipboard });

    private async Task<Visit> ConnectAsync(Helpdesk desk, bool listens)
    {
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.Clipboard });
        visit.Session.Clipboard.TextCopied += (_, text) => copied.Enqueue(text.Text);
        visit.Session.Clipboard.Refused += (_, refusal) => refused.Enqueue(refusal.Reason);
        if (listens) await ListenAsync(desk, visit);
        return visit;
    }

    private static async Task ListenAsync(Helpdesk desk, Visit visit)
    {
        await visit.Session.Clipboard.ListenAsync(true, Helpdesk.Limit());
        await Eventually.Is(() => desk.Desktop.Clipboard.Users > 0, "the computer listens");
    }
}
