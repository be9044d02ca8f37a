using System.Text;
using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>During a session the technician asks for unattended access from now on.</summary>
public sealed class ProposalTests
{
    [Fact]
    public async Task Propose_PersonAllows_TheGrantIsWhatWasShownAndItsCodeWorks()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        Visit visit = await desk.ConnectAsync();
        GrantProposal proposal = Proposal(desk) with { Policy = new GrantPolicy { ReasonRequired = true, SessionCap = TimeSpan.FromHours(1) }, Reason = "Updates at night" };

        GrantDraft draft = await visit.Session.Customer.ProposeGrantAsync(proposal, Helpdesk.Limit());
        Grant grant = desk.Tenant.Countersign(draft);
        using AccessCode code = AccessCode.Generate();
        await visit.Session.Customer.CompleteGrantAsync(grant, code, Helpdesk.Limit());

        ConsentPrompt shown = Assert.Single(person.Asked);
        foreach (string part in (string[])["Alex Tester", "Contoso:Store:Till 2", "Updates at night"]) Assert.Contains(part, shown.Text, StringComparison.Ordinal);
        Assert.Equal((ConsentMethod.OnScreen, "Erika Mustermann"), (grant.ConsentMethod, grant.ConsentedBy));
        Assert.Equal(shown.TextHash.ToArray(), grant.ConsentTextHash.ToArray());
        string id = Convert.ToHexStringLower(grant.Id.Span);
        LedgerEntry created = Assert.Single(desk.History("grant.created"), entry => Convert.ToHexStringLower(entry.GrantId.Span) == id);
        Assert.Equal(Convert.ToHexStringLower(shown.TextHash.Span), (string?)created.Data()["consentTextHash"]);
        Assert.Equal(shown.Text, (string?)Assert.Single(desk.History("consent.answered")).Data()["text"]);
        using AccessSecret secret = code.MakeSecret(grant);
        Visit later = await desk.ConnectAsync(new ConnectOptions { Reason = "Ticket 9" }, code: secret, under: grant);
        Assert.False(later.Session.Customer.IsAttended);
        Assert.Equal("Contoso:Store:Till 2", desk.Trust.Grants.Single(known => Convert.ToHexStringLower(known.Id.Span) == id).Nickname);
    }

    [Fact]
    public async Task Propose_PersonRefuses_NothingIsSigned()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = new ScriptedConsentPrompt() });
        Visit visit = await desk.ConnectAsync();

        Assert.Equal(RefusalReason.NotConsented, await RefusalAsync(visit, Proposal(desk)));

        Assert.Single(desk.Trust.Grants);
        Assert.Equal("NotConsented", (string?)Assert.Single(desk.History("operation.refused")).Data()["refusal"]);
    }

    [Fact]
    public async Task Propose_NobodyCanBeAsked_IsRefused()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();

        Assert.Equal(RefusalReason.NotConsented, await RefusalAsync(visit, Proposal(desk)));
    }

    [Fact]
    public async Task Propose_WhatNobodyMayAskFor_IsRefusedUnasked()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        TechnicianCertificate narrow = desk.Tenant.IssueCertificate("Alex Tester", Operations.ViewScreen, desk.Time.GetUtcNow());
        var viewer = new RemoteAccessViewer(desk.Tenant.TechnicianKey, narrow, desk.Time);
        (MemoryLink near, MemoryLink far) = MemoryLink.CreatePair();
        Task serving = desk.Serve(far);
        await using (RemoteSession session = await viewer.ConnectAsync(near, desk.Grant, Helpdesk.Code, new ConnectOptions { Operations = Operations.ViewScreen }, Helpdesk.Limit()))
        {
            async Task<RefusalReason> Ask(GrantProposal proposal) =>
                (await Assert.ThrowsAsync<AccessRefusedException>(() => session.Customer.ProposeGrantAsync(proposal, Helpdesk.Limit()))).Reason;
            GrantProposal good = Proposal(desk) with { Operations = Operations.ViewScreen };
            Assert.Equal(RefusalReason.OperationNotGranted, await Ask(good with { Operations = Operations.ViewScreen | Operations.ControlInput }));
            foreach (GrantProposal bad in (GrantProposal[])
            [
                good with { Operations = Operations.None }, good with { NotAfter = desk.Time.GetUtcNow().AddDays(-1) }, good with { Nickname = "" },
                good with { Nickname = "a\u202Eb" }, good with { Nickname = new string('n', 129) }, good with { Reason = "two\nlines" }, good with { Reason = new string('r', 601) },
                good with { CodeKind = AccessCodeKind.SessionDigits }, good with { CodeKind = (AccessCodeKind)77 }, good with { Policy = new GrantPolicy { Recording = RecordingRule.Required } },
                good with { Policy = new GrantPolicy { Hours = new WeeklyHours("Nowhere/Land", [new HoursWindow([DayOfWeek.Monday], 480, 540)]) } },
            ])
                Assert.Equal(RefusalReason.NotAcceptable, await Ask(bad));
        }

        await serving.WaitAsync(Helpdesk.Limit());
        Assert.Empty(person.Asked);
        Assert.Single(desk.Trust.Grants);
    }

    [Fact]
    public async Task Complete_AnythingButWhatWasAgreed_IsRefused()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Allow);
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = person });
        Visit visit = await desk.ConnectAsync();
        using AccessCode code = AccessCode.Generate();
        async Task<RefusalReason> Complete(Grant grant) => (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Customer.CompleteGrantAsync(grant, code, Helpdesk.Limit()))).Reason;
        var consent = new OnSiteConsent { Statement = "Yes.", ConsentedBy = "Erika Mustermann", Method = ConsentMethod.OnSiteVerbal };
        Grant other = desk.Tenant.Countersign(desk.Trust.DraftOnSiteGrant(new GrantTerms { Operations = Operations.All, NotAfter = desk.Time.GetUtcNow().AddDays(1) }, consent, desk.Tenant.PublicKey.Span));

        Assert.Equal(RefusalReason.NotAcceptable, await Complete(other));
        Grant first = desk.Tenant.Countersign(await visit.Session.Customer.ProposeGrantAsync(Proposal(desk), Helpdesk.Limit()));
        Grant second = desk.Tenant.Countersign(await visit.Session.Customer.ProposeGrantAsync(Proposal(desk) with { Nickname = "Contoso:Store:Till 3" }, Helpdesk.Limit()));
        Assert.Equal(RefusalReason.NotAcceptable, await Complete(first));
        Assert.Equal(RefusalReason.NotAcceptable, await Complete(other));
        Assert.Single(desk.Trust.Grants);
        await visit.Session.Customer.CompleteGrantAsync(second, code, Helpdesk.Limit());
        Assert.Equal(RefusalReason.NotAcceptable, await Complete(second));
        Assert.Equal(2, desk.Trust.Grants.Count);
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        using AccessVerifier verifier = code.MakeVerifier(second);
        string history = Encoding.UTF8.GetString([.. desk.Trust.ReadHistory().SelectMany(entry => entry.Raw.ToArray())]);
        foreach (byte[] secret in (byte[][])[verifier.W0, verifier.L])
        {
            Assert.DoesNotContain(Convert.ToBase64String(secret)[..^2], history, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexString(secret), history, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Complete_ABadSignatureOrVerifier_IsRefusedAndTheDraftIsUsedUp()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Person = new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Allow) });
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        byte[] w0 = [.. Enumerable.Range(1, 32).Select(value => (byte)value)];
        foreach (bool isBadSignature in (bool[])[true, false])
        {
            GrantDraft draft = await ProposeAsync(technician, Proposal(desk));
            byte[] grant = desk.Tenant.Countersign(draft).Encoded.ToArray();
            if (isBadSignature) grant[^1] ^= 1;
            Assert.Equal(RefusalReason.NotAcceptable, await CompleteAsync(technician, grant, isBadSignature ? w0 : new byte[31], new byte[65]));
            Assert.Equal(RefusalReason.NotAcceptable, await CompleteAsync(technician, desk.Tenant.Countersign(draft).Encoded.ToArray(), w0, desk.Grant.HostKey.ToArray()));
        }
        Assert.Single(desk.Trust.Grants);
    }

    private static async Task<GrantDraft> ProposeAsync(RawTechnician technician, GrantProposal proposal)
    {
        await technician.SendAsync(new ControlMessage
        {
            ProposeGrant = new ProposeGrant
            {
                Nickname = proposal.Nickname, Operations = (uint)proposal.Operations, NotAfterUnixMs = proposal.NotAfter.ToUnixTimeMilliseconds(), PolicyJson = proposal.Policy.ToJson(), CodeKind = 1,
            },
        });
        Assert.True(GrantDraft.TryRead((await technician.ControlAsync()).DraftedGrant.Draft.Span, out GrantDraft? draft));
        return draft;
    }

    private static async Task<RefusalReason> CompleteAsync(RawTechnician technician, byte[] grant, byte[] w0, byte[] l)
    {
        await technician.SendAsync(new ControlMessage { CompleteGrant = new CompleteGrant { Grant = ByteString.CopyFrom(grant), W0 = ByteString.CopyFrom(w0), L = ByteString.CopyFrom(l) } });
        GrantAnswer answer = (await technician.ControlAsync()).GrantAnswer;
        Assert.False(answer.Installed);
        return (RefusalReason)answer.Reason;
    }

    private static GrantProposal Proposal(Helpdesk desk) => new()
    {
        Nickname = "Contoso:Store:Till 2",
        Operations = Operations.ViewScreen | Operations.ControlInput,
        NotAfter = desk.Time.GetUtcNow().AddDays(90),
    };

    private static async Task<RefusalReason> RefusalAsync(Visit visit, GrantProposal proposal) =>
        (await Assert.ThrowsAsync<AccessRefusedException>(() => visit.Session.Customer.ProposeGrantAsync(proposal, Helpdesk.Limit()))).Reason;
}
