using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class AccessTests
{
    [Fact]
    public async Task Connect_WithTheCode_TellsBothSidesTheSame()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        AgentSessionEventArgs? began = null, ended = null;
        desk.Agent.SessionBegan += (_, session) => began = session;
        desk.Agent.SessionEnded += (_, session) => ended = session;

        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen, Reason = "Ticket 4711" });

        Assert.Equal("FRONTDESK", visit.Session.ComputerName);
        Assert.Equal(Operations.ViewScreen, visit.Session.Operations);
        Assert.Equal(0, visit.Session.FailedAttempts);
        Assert.Equal((visit.Session.Id, "Alex Tester", "Ticket 4711", Operations.ViewScreen), (began!.Id, began.Technician, began.Reason, began.Operations));
        Assert.Equal(visit.Session.Id, Convert.ToHexStringLower(Assert.Single(desk.History("session.accepted")).SessionId.Span));
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        Assert.Same(began, ended);
    }

    [Fact]
    public async Task Connect_WithARealGeneratedCode_Works()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        var consent = new OnSiteConsent { Statement = "Yes, until Friday.", ConsentedBy = "Erika Mustermann", Method = ConsentMethod.OnSiteWritten };
        var terms = new GrantTerms { Operations = Operations.ViewScreen, NotAfter = desk.Time.GetUtcNow().AddDays(1) };
        Grant grant = desk.Tenant.Countersign(desk.Trust.DraftOnSiteGrant(terms, consent, desk.Tenant.PublicKey.Span));
        using AccessCode code = AccessCode.Generate();
        using (AccessVerifier verifier = code.MakeVerifier(grant)) await desk.Trust.InstallAsync(grant, verifier, "Second", consent, Helpdesk.Limit());
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = desk.Serve(far);

        await using (RemoteSession session = await desk.Viewer.ConnectAsync(near, grant, code, new ConnectOptions { Operations = Operations.ViewScreen }, Helpdesk.Limit()))
            await session.PingAsync(Helpdesk.Limit());

        await serving.WaitAsync(Helpdesk.Limit());
        Assert.Single(desk.History("session.ended"));
    }

    [Fact]
    public async Task Connect_WithAWrongCode_IsRefusedChargedAndTold()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();

        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync(code: Helpdesk.WrongCode));

        Assert.Equal(RefusalReason.WrongAccessCode, refusal.Reason);
        Assert.Equal(1, Assert.Single(desk.Trust.Grants).FailedAttempts);
        Assert.Single(desk.History("session.abandoned"));
        Assert.Empty(desk.History("session.accepted"));
        Visit visit = await desk.ConnectAsync();
        Assert.Equal(1, visit.Session.FailedAttempts);
        Assert.Equal(0, Assert.Single(desk.Trust.Grants).FailedAttempts);
    }

    [Fact]
    public async Task Connect_AfterFourWrongCodes_IsLockedOutForAWhileAndThenLetIn()
    {
        var time = new FakeTime();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Time = time });
        for (int attempt = 0; attempt < 4; attempt++)
            Assert.Equal(RefusalReason.WrongAccessCode, (await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync(code: Helpdesk.WrongCode))).Reason);

        // The right code, too: who guesses learns nothing from the refusal.
        AccessRefusedException locked = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync());

        Assert.Equal((RefusalReason.LockedOut, TimeSpan.FromSeconds(30)), (locked.Reason, locked.RetryAfter));
        Assert.Equal(4, Assert.Single(desk.Trust.Grants).FailedAttempts);
        time.Advance(TimeSpan.FromSeconds(31));
        Visit visit = await desk.ConnectAsync();
        Assert.Equal(4, visit.Session.FailedAttempts);
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Connect_ForMoreThanTheGrantAllows_IsRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen });

        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync());

        Assert.Equal(RefusalReason.OperationNotGranted, refusal.Reason);
        Assert.Equal(0, Assert.Single(desk.Trust.Grants).FailedAttempts);
        Assert.Single(desk.History("session.refused"));
    }

    [Fact]
    public async Task Connect_WithAReasonThatSteersATerminal_ThrowsBeforeAnythingIsSent()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => desk.ConnectAsync(new ConnectOptions { Reason = "\u001b]0;all good\u0007" }));

        Assert.Empty(desk.History("session.accepted"));
    }

    [Fact]
    public async Task Connect_UnderAGrantOfAnotherComputer_IsNotAuthentic()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(), elsewhere = await Helpdesk.OpenAsync();
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = elsewhere.Serve(far);

        ChannelException error = await Assert.ThrowsAsync<ChannelException>(() => desk.Viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, cancellationToken: Helpdesk.Limit()));

        Assert.Equal(ChannelError.NotAuthentic, error.Error);
        await serving.WaitAsync(Helpdesk.Limit());
    }

    [Fact]
    public async Task Input_WithoutControlInput_IsRefusedAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });
        PixelRect button = desk.Desktop.AreaOf(VirtualPart.CountButton);

        await visit.Session.Input.TypeAsync("never");
        await visit.Session.Input.KeyAsync('x', true);
        await visit.Session.Input.ClickAsync(button.X + 3, button.Y + 3);
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal((RefusalReason.OperationNotGranted, Operations.ControlInput), (visit.Session.Input.Refused!.Reason, visit.Session.Input.Refused.Operation));
        Assert.Equal(("", 0), (desk.Desktop.Text, desk.Desktop.Clicks));
        desk.AssertNothingIsHeld();
        Assert.Empty(desk.History("operation.used"));
        await using Sight sight = visit.Watch();
        await sight.NextAsync();
        sight.AssertShows(desk.Desktop);
        Assert.Equal("ViewScreen", (string?)Assert.Single(Assert.Single(desk.History("operation.used")).Data()["operations"]!.AsArray()));
    }

    [Fact]
    public async Task Picture_WithoutViewScreen_IsRefusedEachTimeAndTheSessionGoesOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ControlInput });
        for (int attempt = 0; attempt < 3; attempt++)
        {
            await using Sight sight = visit.Watch();
            AccessRefusedException refusal = Assert.IsType<AccessRefusedException>(await sight.EndAsync());
            Assert.Equal((RefusalReason.OperationNotGranted, Operations.ViewScreen), (refusal.Reason, refusal.Operation));
        }

        Assert.Empty(desk.History("operation.used"));
        await visit.Session.Input.TypeAsync("still here");
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal("still here", desk.Desktop.Text);
        await visit.Session.DisposeAsync();
        Assert.Equal(SessionEndKind.Finished, (await visit.EndAsync()).Kind);
    }

    [Fact]
    public async Task Picture_DesktopGone_IsRefusedAndSaysSo()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();
        await using Sight sight = visit.Watch();
        await sight.NextAsync();

        await desk.Desktop.DisposeAsync();
        AccessRefusedException refusal = Assert.IsType<AccessRefusedException>(await sight.EndAsync());
        await using Sight again = visit.Watch();
        AccessRefusedException second = Assert.IsType<AccessRefusedException>(await again.EndAsync());

        Assert.Equal([RefusalReason.DesktopUnavailable, RefusalReason.DesktopUnavailable], [refusal.Reason, second.Reason]);
        await visit.Session.PingAsync(Helpdesk.Limit());
    }
}
