using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician before a locked computer, whose customer stored the password.</summary>
public sealed class StoredPasswordTests
{
    private const string Right = "Kaltes-Büffet-0815";
    private readonly Logon logon = new();

    [Fact]
    public async Task Fill_AtTheLockScreen_IsOfferedAndDone()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        await Eventually.Is(() => visit.Session.StoredPassword.IsOffered, "it is offered");
        Assert.Equal(3, visit.Session.StoredPassword.Left);

        Assert.Equal(RefusalReason.None, await visit.Session.StoredPassword.FillAsync(Helpdesk.Limit()));

        Assert.Equal([("erika", Right)], logon.Filled);
        Assert.Single(desk.History("credential.filled"));
        logon.State = default;
        await Eventually.Is(() => visit.Session.StoredPassword.Refusal == RefusalReason.NotAtLogon, "the button goes when the computer is unlocked");
        Assert.Equal(RefusalReason.NotAtLogon, await visit.Session.StoredPassword.FillAsync(Helpdesk.Limit()));
        Assert.Single(logon.Filled);
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Fill_Wrong_IsStaleAndNoLongerOffered()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        logon.Outcome = FillOutcome.Wrong;

        Assert.Equal(RefusalReason.CredentialStale, await visit.Session.StoredPassword.FillAsync(Helpdesk.Limit()));

        await Eventually.Is(() => visit.Session.StoredPassword is { IsOffered: false, Refusal: RefusalReason.CredentialStale }, "it is not offered");
        Assert.Equal(StoredCredentialState.Stale, Assert.Single(desk.Trust.StoredCredentials.List(desk.Grant.Id)).State);
    }

    [Fact]
    public async Task Fill_SessionWithoutIt_IsRefusedAndNothingIsSaidOfIt()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen });

        Assert.Equal(RefusalReason.OperationNotGranted, await visit.Session.StoredPassword.FillAsync(Helpdesk.Limit()));
        Assert.False(visit.Session.StoredPassword.IsOffered);
        Assert.Empty(logon.Filled);
    }

    [Fact]
    public async Task Fill_AgentWithoutAny_IsNotAvailable()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup { Operations = Operations.ViewScreen | Operations.FillCredential });
        Visit visit = await ConnectAsync(desk);

        Assert.Equal(RefusalReason.NotAvailable, await visit.Session.StoredPassword.FillAsync(Helpdesk.Limit()));
        Assert.Equal("NotAvailable", (string?)Assert.Single(desk.History("operation.refused")).Data()["refusal"]);
    }

    [Fact]
    public async Task Fill_RevokedMeanwhile_EndsTheSessionAndThePasswordIsGone()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        logon.Until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<RefusalReason> filling = visit.Session.StoredPassword.FillAsync(Helpdesk.Limit());
        await logon.Begun.Task.WaitAsync(Helpdesk.Limit());
        await Assert.ThrowsAsync<InvalidOperationException>(() => visit.Session.StoredPassword.FillAsync(Helpdesk.Limit()));

        await desk.Trust.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit());

        Assert.Equal(RefusalReason.Revoked, (await Assert.ThrowsAsync<AccessRefusedException>(() => filling)).Reason);
        await visit.EndAsync();
        Assert.Empty(logon.Filled);
        Assert.Empty(Directory.GetFiles(desk.State, "fill-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Fill_StoppedMeanwhile_WhatCameOfItStandsBeforeTheSessionsEnd()
    {
        await using Helpdesk desk = await OpenAsync();
        Visit visit = await ConnectAsync(desk);
        logon.Until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<RefusalReason> filling = visit.Session.StoredPassword.FillAsync(Helpdesk.Limit());
        await logon.Begun.Task.WaitAsync(Helpdesk.Limit());

        await desk.Trust.StopSessionsAsync("Erika", Helpdesk.Limit());

        await Assert.ThrowsAnyAsync<Exception>(() => filling);
        await visit.EndAsync();
        Assert.Equal(["credential.fill", "credential.filled", "session.ended"], desk.Trust.ReadHistory().Select(entry => entry.Type).Where(type => type is "credential.fill" or "credential.filled" or "session.ended"));
    }

    private async Task<Helpdesk> OpenAsync()
    {
        Helpdesk desk = await Helpdesk.OpenAsync(new HelpdeskSetup
        {
            Operations = Operations.ViewScreen | Operations.FillCredential, AccountCheck = logon, Filling = new CredentialFilling { Sealer = logon, Screen = logon, Filler = logon },
        });
        Assert.Equal(CredentialEnrolment.Stored, await desk.Trust.StoredCredentials.StoreAsync(desk.Grant.Id, "erika", Encoding.UTF8.GetBytes(Right), Helpdesk.Limit()));
        return desk;
    }

    private static Task<Visit> ConnectAsync(Helpdesk desk) => desk.ConnectAsync(new ConnectOptions { Operations = Operations.ViewScreen | Operations.FillCredential });

    /// <summary>The operating system: it takes the one password, shows its lock screen, and seals for this test alone.</summary>
    private sealed class Logon : IAccountCheck, ISecretSealer, ILogonScreen, ICredentialFiller
    {
        private readonly Dictionary<string, (byte[] Secret, byte[] Entropy)> kept = [];

        public LogonScreenState State { get; set; } = new(true, "erika");

        public FillOutcome Outcome { get; set; } = FillOutcome.Filled;

        public List<(string User, string Password)> Filled { get; } = [];

        public TaskCompletionSource? Until { get; set; }

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<AccountAnswer> CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Encoding.UTF8.GetString(password.Span) == Right ? AccountAnswer.Accepted : AccountAnswer.WrongCredentials);

        public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> entropy)
        {
            byte[] name = Guid.NewGuid().ToByteArray();
            kept[Convert.ToHexString(name)] = (secret.ToArray(), entropy.ToArray());
            return name;
        }

        public byte[]? TryOpen(ReadOnlySpan<byte> sealedSecret, ReadOnlySpan<byte> entropy) =>
            kept.TryGetValue(Convert.ToHexString(sealedSecret), out (byte[] Secret, byte[] Entropy) found) && entropy.SequenceEqual(found.Entropy) ? [.. found.Secret] : null;

        public LogonScreenState Read() => State;

        public async ValueTask<FillOutcome> FillAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            if (Until is { } until) await until.Task.WaitAsync(cancellationToken);
            Filled.Add((user, Encoding.UTF8.GetString(password.Span)));
            return Outcome;
        }
    }
}
