using System.Collections.Concurrent;
using System.Text;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Technician and customer write to each other over a whole session.</summary>
public sealed class ChatTests
{
    private readonly ConcurrentQueue<string> answered = new();
    private readonly ConcurrentQueue<RefusalReason> refused = new();

    [Fact]
    public async Task Send_Text_CustomerReadsItAndAnswers()
    {
        var customer = new ScriptedChat("Ja, bitte.\nDanke 🙂");
        await using Helpdesk desk = await OpenAsync(customer);
        Visit visit = await ConnectAsync(desk);

        Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync("Guten Tag,\r\ndarf ich neu starten?\u0085Gleich?", Helpdesk.Limit()));

        await Eventually.Is(() => !answered.IsEmpty, "the answer has come");
        Assert.Equal(["Guten Tag,\ndarf ich neu starten?\nGleich?"], customer.Read);
        Assert.Equal(["Ja, bitte.\nDanke 🙂"], answered);
        Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync(new string('ü', 2048), Helpdesk.Limit()));
    }

    [Fact]
    public async Task Exchange_IsRecordedByLengthBeforeItGoesAndNeverByText()
    {
        var customer = new ScriptedChat([.. Enumerable.Range(0, 5).Select(static _ => "Geheimnis-ü")]);
        await using Helpdesk desk = await OpenAsync(customer);
        Visit visit = await ConnectAsync(desk);
        for (int i = 0; i < 10; i++) Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync($"Geheimnis{i}", Helpdesk.Limit()));
        await Eventually.Is(() => answered.Count == 5, "the answers have come");
        Assert.Equal(1, (int?)desk.History("chat.exchanged")[0].Data()["toComputer"]);
        await visit.Session.DisposeAsync();
        await visit.EndAsync();

        IReadOnlyList<LedgerEntry> entries = desk.History("chat.exchanged");
        Assert.InRange(entries.Count, 2, 3);
        Assert.Equal((10, 100, 5, 60), (Sum("toComputer"), Sum("toComputerBytes"), Sum("toTechnician"), Sum("toTechnicianBytes")));
        Assert.All(desk.Trust.ReadHistory(), entry => Assert.DoesNotContain("Geheimnis", Encoding.UTF8.GetString(entry.Raw.Span), StringComparison.Ordinal));
        Assert.Equal("Chat", (string?)Assert.Single(desk.History("operation.used")).Data()["operations"]?[0]);
        desk.AssertLedgerIsWhole();

        int Sum(string member) => entries.Sum(entry => (int?)entry.Data()[member] ?? 0);
    }

    [Fact]
    public async Task Withdrawn_BothWaysStopAndTheTechnicianIsTold_RestoredItGoesOn()
    {
        var customer = new HeldChat();
        await using Helpdesk desk = await OpenAsync(customer);
        Visit visit = await ConnectAsync(desk);
        LiveSession live = Assert.Single(desk.Trust.Gate.Sessions);
        Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync("one", Helpdesk.Limit()));
        CustomerConversation conversation = await customer.Conversation;

        await live.WithdrawAsync(Operations.Chat, "Erika", Helpdesk.Limit());

        await Eventually.Is(() => !refused.IsEmpty, "the technician is told");
        Assert.Equal(RefusalReason.Withdrawn, await visit.Session.Chat.SendAsync("two", Helpdesk.Limit()));
        AccessRefusedException mine = await Assert.ThrowsAsync<AccessRefusedException>(() => conversation.SayAsync("mine", Helpdesk.Limit()));
        Assert.Equal((RefusalReason.Withdrawn, Operations.Chat), (mine.Reason, mine.Operation));
        await live.RestoreAsync(Operations.Chat, "Erika", Helpdesk.Limit());
        await conversation.SayAsync("again", Helpdesk.Limit());
        Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync("three", Helpdesk.Limit()));

        await Eventually.Is(() => !answered.IsEmpty, "the customer's text has come");
        Assert.Equal(["again"], answered);
        Assert.Equal([RefusalReason.Withdrawn], refused);
        Assert.Equal(["one", "three"], await customer.ReadAsync(2));
    }

    [Fact]
    public async Task Customer_WritesFirst_WhenTheSessionMayChat()
    {
        var customer = new HeldChat();
        await using Helpdesk desk = await OpenAsync(customer);
        Visit visit = await ConnectAsync(desk);
        CustomerConversation conversation = await customer.Conversation;

        await conversation.SayAsync("Hello?", Helpdesk.Limit());

        await Eventually.Is(() => !answered.IsEmpty, "the customer's text has come");
        Assert.Equal(("Alex Tester", visit.Session.Id), (conversation.Technician, conversation.SessionId));
        foreach (string text in (string[])["", " \n", "a\u001b[2J", "a\u202eb", "\ud800", new string('x', 4097)])
            await Assert.ThrowsAsync<ArgumentException>(() => conversation.SayAsync(text, Helpdesk.Limit()));
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => conversation.SayAsync("too late", Helpdesk.Limit()));
        Assert.Equal(1, desk.History("chat.exchanged").Sum(entry => (int?)entry.Data()["toTechnician"]));
    }

    [Fact]
    public async Task Flood_OfWhatNobodyReads_IsRefusedAndTheMemoryIsBounded()
    {
        var time = new FakeTime();
        var customer = new HeldChat();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.Chat, Chat = customer, Time = time });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.Chat);

        Assert.Equal(ChatPace.Burst, await TakenAsync(300));
        for (int second = 0; second < 30; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            // Who is silent for 30 s is gone.
            await technician.DrainAsync((ulong)second);
        }
        Assert.Equal(ChatExchange.MaxUnread - ChatPace.Burst, await TakenAsync(300));
        Assert.Equal(32, (await customer.ReadAsync(32)).Length);
        Assert.Equal("Busy", (string?)Assert.Single(desk.History("operation.refused")).Data()["refusal"]);

        async Task<int> TakenAsync(int count)
        {
            int taken = 0;
            for (int i = 0; i < count; i++) taken += await AnswerAsync(technician, new ChatMessage { Text = $"text {i}" }) == RefusalReason.None ? 1 : 0;
            return taken;
        }
    }

    [Fact]
    public async Task Hostile_WhatIsNoTextOrNotGranted_IsRefusedAndTheSessionGoesOn()
    {
        var customer = new ScriptedChat();
        await using Helpdesk desk = await OpenAsync(customer);
        await using (RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.Chat))
        {
            foreach (string text in (string[])["", " \n\t", "a\0b", "\u001b]0;title\u0007", "left\u202eright", "\u200f"])
                Assert.Equal(RefusalReason.NotAcceptable, await AnswerAsync(technician, new ChatMessage { Text = text }));
            // Bytes that are no UTF-8 come as what cannot be mistaken for a text of anybody's.
            await technician.Messages.SendAsync(MessageStream.Chat, (byte[])[10, 2, 0xC3, 0x28], Helpdesk.Limit());
            Assert.Equal(0u, (await technician.ControlAsync()).ChatAnswer.Reason);
            Assert.Empty(await technician.DrainAsync(1));
        }
        Assert.Equal(["\ufffd("], customer.Read);
        await using RawTechnician watching = await RawTechnician.ConnectAsync(desk, Operations.ViewScreen);
        Assert.Equal(RefusalReason.OperationNotGranted, await AnswerAsync(watching, new ChatMessage { Text = "hello" }));
        Assert.Single(customer.Read);
    }

    [Fact]
    public async Task Hostile_TextLongerThanAny_EndsTheSession()
    {
        await using Helpdesk desk = await OpenAsync(new ScriptedChat());
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk, Operations.Chat);
        byte[] text = [10, 0x81, 0x20, .. Encoding.ASCII.GetBytes(new string('x', 4097))];

        await technician.Messages.SendAsync(MessageStream.Chat, text, Helpdesk.Limit());

        await technician.Serving.WaitAsync(Helpdesk.Limit());
        Assert.Contains("LimitExceeded", (string?)Assert.Single(desk.History("session.ended")).Data()["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_ThatShowsIt_IsNotAvailable_AndAFailedOneLeavesTheSession()
    {
        await using (Helpdesk desk = await OpenAsync(null))
        {
            Visit visit = await ConnectAsync(desk);
            Assert.Equal(RefusalReason.NotAvailable, await visit.Session.Chat.SendAsync("hello", Helpdesk.Limit()));
        }
        await using Helpdesk failing = await OpenAsync(new FailingChat());
        Visit other = await ConnectAsync(failing);
        // Until the customer's side has been tried, texts wait for it.
        while (await other.Session.Chat.SendAsync("hello", Helpdesk.Limit()) is var answer and not RefusalReason.NotAvailable)
        {
            Assert.True(answer is RefusalReason.None or RefusalReason.Busy, $"{answer}");
            await Task.Delay(20, Helpdesk.Limit());
        }
        await other.Session.PingAsync(Helpdesk.Limit());
    }

    [Fact]
    public async Task Surface_ShowsTheConversationAndTakesTheAnswer()
    {
        if (!OperatingSystem.IsLinux()) return;
        // On a clock that stands still no heartbeat is late, however busy the machine.
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.Chat, Surface = new SurfaceRequirement(), Time = new FakeTime() });
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(desk.State, Helpdesk.Limit());
        using var over = new CancellationTokenSource();
        Task showing = ShowAsync(surface, over.Token);
        await Eventually.Is(() => desk.Trust.Surface.Presence!.IsShown, "the surface shows");
        Visit visit = await ConnectAsync(desk);

        Assert.Equal(RefusalReason.None, await visit.Session.Chat.SendAsync("May I restart?", Helpdesk.Limit()));
        await Eventually.Is(() => surface.Status.Sessions is [{ Chat.Count: 1 }], "the surface has the text");
        await surface.DoAsync(new SurfaceAction.Say(visit.Session.Id, "Yes \"now\"\n🙂"), Helpdesk.Limit());

        await Eventually.Is(() => !answered.IsEmpty, "the answer has come");
        Assert.Equal(["Yes \"now\"\n🙂"], answered);
        await Eventually.Is(() => surface.Status.Sessions is [{ Chat.Count: 2 }], "the surface has the answer too");
        Assert.Equal([(true, "May I restart?"), (false, "Yes \"now\"\n🙂")], surface.Status.Sessions[0].Chat.Select(said => (said.IsTechnicians, said.Text)));
        await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(new SurfaceAction.Say(visit.Session.Id, new string('x', SurfaceChat.MaxSaid + 1)), Helpdesk.Limit()));
        await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(new SurfaceAction.Say(visit.Session.Id, "\u001b[2J"), Helpdesk.Limit()));
        await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(new SurfaceAction.Say(new string('a', 32), "hello"), Helpdesk.Limit()));
        await surface.DoAsync(new SurfaceAction.Withdraw(visit.Session.Id, Operations.Chat), Helpdesk.Limit());
        await Assert.ThrowsAsync<SurfaceException>(() => surface.DoAsync(new SurfaceAction.Say(visit.Session.Id, "hello"), Helpdesk.Limit()));
        Assert.Equal(RefusalReason.Withdrawn, await visit.Session.Chat.SendAsync("x", Helpdesk.Limit()));
        // The longest answer, all of it escaped, fits a line.
        await surface.DoAsync(new SurfaceAction.Restore(visit.Session.Id, Operations.Chat), Helpdesk.Limit());
        await surface.DoAsync(new SurfaceAction.Say(visit.Session.Id, string.Concat(Enumerable.Repeat("🙂", SurfaceChat.MaxSaid / 4))), Helpdesk.Limit());
        await over.CancelAsync();
        await showing;
    }

    private static async Task<RefusalReason> AnswerAsync(RawTechnician technician, ChatMessage message)
    {
        await technician.Messages.SendAsync(message, Helpdesk.Limit());
        ControlMessage answer = await technician.ControlAsync();
        Assert.Equal(ControlMessage.KindOneofCase.ChatAnswer, answer.KindCase);
        return (RefusalReason)answer.ChatAnswer.Reason;
    }

    private static async Task ShowAsync(SurfaceConnection surface, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            surface.ReportShown(surface.Status);
            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task<Helpdesk> OpenAsync(ICustomerChat? customer) => Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.Chat, Chat = customer });

    private async Task<Visit> ConnectAsync(Helpdesk desk)
    {
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.Chat });
        visit.Session.Chat.TextReceived += (_, text) => answered.Enqueue(text.Text);
        visit.Session.Chat.Refused += (_, refusal) => refused.Enqueue(refusal.Reason);
        return visit;
    }

    /// <summary>A customer's side that reads when the test says so.</summary>
    private sealed class HeldChat : ICustomerChat
    {
        private readonly TaskCompletionSource<CustomerConversation> conversation = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<CustomerConversation> Conversation => conversation.Task.WaitAsync(Helpdesk.Limit());

        public async Task TalkAsync(CustomerConversation conversation, CancellationToken cancellationToken)
        {
            this.conversation.SetResult(conversation);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        public async Task<string[]> ReadAsync(int count)
        {
            var texts = new List<string>();
            await foreach (string text in (await Conversation).ReadAllAsync(Helpdesk.Limit()))
            {
                texts.Add(text);
                if (texts.Count == count) break;
            }
            return [.. texts];
        }
    }

    private sealed class FailingChat : ICustomerChat
    {
        public Task TalkAsync(CustomerConversation conversation, CancellationToken cancellationToken) => throw new InvalidOperationException("The window could not be opened.");
    }
}
