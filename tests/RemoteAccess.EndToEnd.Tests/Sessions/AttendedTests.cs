using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A call for help from the customer's digits to the technician's hands, over the real handshake.</summary>
public sealed class AttendedTests
{
    private const Operations SeeAndControl = Operations.ViewScreen | Operations.ControlInput;

    [Fact]
    public async Task Connect_WithTheDigits_SeesAtOnceAndControlsWhenThePersonAgreed()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Allow);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person, IsBlank = false });
        using HelpCall call = await desk.Trust.CallForHelpAsync(new HelpRequest { TenantKey = desk.Tenant.PublicKey }, Helpdesk.Limit());
        Visit visit = await ConnectAsync(desk, call);
        Assert.True(visit.Session.Customer.IsAttended);
        Assert.Equal((SeeAndControl, Operations.ViewScreen), (visit.Session.Operations, visit.Session.Customer.Agreed));

        await using Sight sight = visit.Watch();
        await sight.NextFrameAsync();
        await visit.Session.Input.TypeAsync("too early", Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal(RefusalReason.ApprovalNeeded, visit.Session.Input.Refused!.Reason);

        Assert.Equal(RefusalReason.None, await visit.Session.Customer.AskForAsync(Operations.ControlInput, Helpdesk.Limit()));
        await visit.Session.Input.ClickAsync(desk.Desktop.AreaOf(VirtualPart.TextField).X + 5, desk.Desktop.AreaOf(VirtualPart.TextField).Y + 5, cancellationToken: Helpdesk.Limit());
        await visit.Session.Input.TypeAsync("now", Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal("now", desk.Desktop.Text);
        Assert.Equal([ConsentKind.SessionStart, ConsentKind.Operation], person.Asked.Select(prompt => prompt.Request.Kind));
        Assert.Equal(SeeAndControl, visit.Session.Customer.Agreed);
        AccessRefusedException again = await Assert.ThrowsAsync<AccessRefusedException>(() => ConnectAsync(desk, call));
        Assert.Equal(RefusalReason.CodeSpent, again.Reason);
    }

    [Fact]
    public async Task Connect_WrongDigits_TheCallIsOver()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = new ScriptedConsentPrompt(ConsentDecision.Allow) });
        using HelpCall call = await desk.Trust.CallForHelpAsync(new HelpRequest { TenantKey = desk.Tenant.PublicKey }, Helpdesk.Limit());

        Assert.Equal(RefusalReason.WrongAccessCode, (await Assert.ThrowsAsync<AccessRefusedException>(() => desk.ConnectAsync(code: Helpdesk.WrongCode, under: call.Grant))).Reason);

        Assert.Equal(RefusalReason.CodeSpent, (await Assert.ThrowsAsync<AccessRefusedException>(() => ConnectAsync(desk, call))).Reason);
    }

    [Fact]
    public async Task AskFor_PersonThinks_TheSessionGoesOnAndASecondQuestionIsBusy()
    {
        var person = new SlowPerson();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        using HelpCall call = await desk.Trust.CallForHelpAsync(new HelpRequest { TenantKey = desk.Tenant.PublicKey }, Helpdesk.Limit());
        Visit visit = await ConnectAsync(desk, call);

        Task<RefusalReason> asking = visit.Session.Customer.AskForAsync(Operations.ControlInput, Helpdesk.Limit());
        await person.Asked;
        await visit.Session.PingAsync(Helpdesk.Limit());
        var busy = await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Customer.ProposeGrantAsync(
            new GrantProposal { Nickname = "N", Operations = Operations.ViewScreen, NotAfter = desk.Time.GetUtcNow().AddDays(1) }, Helpdesk.Limit()));

        Assert.Equal(RefusalReason.Busy, busy.Reason);
        Assert.False(asking.IsCompleted);
        person.Answer(ConsentDecision.Allow);
        Assert.Equal(RefusalReason.None, await asking);
    }

    [Fact]
    public async Task Stop_WhileAQuestionIsOpen_TakesItBackAndTheTechnicianIsTold()
    {
        var person = new SlowPerson();
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        using HelpCall call = await desk.Trust.CallForHelpAsync(new HelpRequest { TenantKey = desk.Tenant.PublicKey }, Helpdesk.Limit());
        Visit visit = await ConnectAsync(desk, call);
        Task<RefusalReason> asking = visit.Session.Customer.AskForAsync(Operations.ControlInput, Helpdesk.Limit());
        await person.Asked;

        await desk.Trust.StopSessionsAsync("Erika", Helpdesk.Limit());

        Assert.Equal(RefusalReason.Stopped, (await Assert.ThrowsAsync<AccessRefusedException>(() => asking)).Reason);
        Assert.Equal(SessionEndKind.EndedByComputer, (await visit.EndAsync()).Kind);
        Assert.True(person.WasTakenBack);
        Assert.Equal(["Pressed", "Withdrawn"], desk.History("consent.answered").Select(entry => (string?)entry.Data()["how"]));
    }

    private static async Task<Visit> ConnectAsync(Helpdesk desk, HelpCall call)
    {
        using AccessSecret secret = call.Code.MakeSecret(call.Grant);
        return await desk.ConnectAsync(new ConnectOptions { Operations = SeeAndControl }, code: secret, under: call.Grant);
    }

    /// <summary>Lets a session begin at once, and thinks about the next question until the test says what.</summary>
    private sealed class SlowPerson : IConsentPrompt
    {
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ConsentDecision> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => asked.Task.WaitAsync(Helpdesk.Limit());

        public bool WasTakenBack { get; private set; }

        public void Answer(ConsentDecision decision) => answer.SetResult(decision);

        public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
        {
            if (prompt.Request.Kind == ConsentKind.SessionStart) return new ConsentAnswer(ConsentDecision.Allow, ConsentHow.Pressed, DateTimeOffset.UnixEpoch);
            asked.SetResult();
            try
            {
                return new ConsentAnswer(await answer.Task.WaitAsync(cancellationToken), ConsentHow.Pressed, DateTimeOffset.UnixEpoch);
            }
            catch (OperationCanceledException)
            {
                WasTakenBack = true;
                throw;
            }
        }
    }
}
