using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Two technicians at one computer at the same time: what is taken from one stays with the other, and the record tells them apart.</summary>
public sealed class TwoTechniciansTests
{
    [Fact]
    public async Task Revoke_OfOneGrant_EndsItsSessionAndTheOtherWorksOn()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        (Visit stays, Visit goes, Grant grant) = await ConnectTwoAsync(desk);
        await stays.Session.Input.KeyAsync(Keysym.Shift, true);
        await goes.Session.Input.KeyAsync(Keysym.Control, true);
        await stays.Session.PingAsync(Helpdesk.Limit());
        await goes.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal([Keysym.Shift, Keysym.Control], desk.Desktop.PressedKeys);

        Assert.True(await desk.Trust.RevokeAsync(grant.Id, "Erika Mustermann", Helpdesk.Limit()));

        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Revoked), Of(await goes.EndAsync()));
        Assert.Equal([Keysym.Shift], desk.Desktop.PressedKeys);
        await stays.Session.Input.KeyAsync(Keysym.Shift, false);
        await stays.Session.Input.TypeAsync("still here");
        await stays.Session.PingAsync(Helpdesk.Limit());
        Assert.Equal("still here", desk.Desktop.Text);
        await using Sight sight = stays.Watch();
        await sight.NextAsync();
        await stays.Session.DisposeAsync();
        Assert.Equal(SessionEndKind.Finished, (await stays.EndAsync()).Kind);
        Assert.Equal(
            [("Kim Fabrikam", goes.Session.Id, "Revoked"), ("Alex Tester", stays.Session.Id, "SessionEnded")],
            desk.History("session.ended").Select(entry => (Began(desk, entry), Convert.ToHexStringLower(entry.SessionId.Span), (string?)entry.Data()["reason"] ?? "")));
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Withdraw_FromOneSession_LeavesTheOthersOperation()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { IsBlank = false });
        (Visit stays, Visit loses, _) = await ConnectTwoAsync(desk);
        LiveSession live = desk.Trust.Gate.Sessions.Single(session => Convert.ToHexStringLower(session.Id.Span) == loses.Session.Id);

        await live.WithdrawAsync(Operations.ControlInput, "Erika", Helpdesk.Limit());
        await loses.Session.Input.TypeAsync("not this");
        await loses.Session.PingAsync(Helpdesk.Limit());
        await stays.Session.Input.TypeAsync("this");
        await stays.Session.PingAsync(Helpdesk.Limit());

        Assert.Equal("this", desk.Desktop.Text);
        Assert.Equal(RefusalReason.Withdrawn, loses.Session.Input.Refused?.Reason);
        Assert.Null(stays.Session.Input.Refused);
        await using Sight sight = loses.Watch();
        await sight.NextAsync();
    }

    [Fact]
    public async Task Sessions_UnderOneGrant_AreTwoAndItsRevocationEndsBoth()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit one = await desk.ConnectAsync(), other = await desk.ConnectAsync();
        Assert.NotEqual(one.Session.Id, other.Session.Id);
        Assert.Equal(2, desk.Trust.SessionCount);

        Assert.True(await desk.Trust.RevokeAsync(desk.Grant.Id, "Erika Mustermann", Helpdesk.Limit()));

        foreach (Visit visit in (Visit[])[one, other]) Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Revoked), Of(await visit.EndAsync()));
        Assert.Equal(0, desk.Trust.SessionCount);
        Assert.Equal(2, desk.History("session.ended").Count);
    }

    [Fact]
    public async Task Stop_EndsBothAndBothMayComeAgain()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        (Visit one, Visit other, Grant grant) = await ConnectTwoAsync(desk);

        await desk.Trust.StopSessionsAsync("Erika Mustermann", Helpdesk.Limit());

        foreach (Visit visit in (Visit[])[one, other]) Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Stopped), Of(await visit.EndAsync()));
        await (await desk.ConnectAsync()).Session.PingAsync(Helpdesk.Limit());
        Assert.Equal(2, desk.Trust.Grants.Count(known => known.State == GrantState.Live));
        Assert.Contains(desk.Trust.Grants, known => known.Id.Span.SequenceEqual(grant.Id.Span));
    }

    /// <summary>Alex under the helpdesk's own grant, and Kim of another tenant under another, both connected.</summary>
    private static async Task<(Visit Alex, Visit Kim, Grant KimsGrant)> ConnectTwoAsync(Helpdesk desk)
    {
        Visit alex = await desk.ConnectAsync();
        (Visit kim, Grant grant) = await desk.ConnectOtherTenantAsync("Kim Fabrikam");
        return (alex, kim, grant);
    }

    private static (SessionEndKind, RefusalReason) Of(SessionEnd end) => (end.Kind, end.Reason);

    private static string Began(Helpdesk desk, LedgerEntry ended) =>
        (string?)desk.History("session.accepted").Single(entry => entry.SessionId.Span.SequenceEqual(ended.SessionId.Span)).Actor()["name"] ?? "";
}
