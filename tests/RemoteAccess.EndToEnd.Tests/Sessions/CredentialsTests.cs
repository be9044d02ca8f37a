using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Sessions;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician with grant and code, and what the computer's own accounts have to say.</summary>
public sealed class CredentialsTests
{
    private const string Right = "Kaltes-Büffet-0815";
    private static readonly GrantPolicy Policy = new() { CredentialsRequired = true };

    [Fact]
    public async Task Session_WithoutCredentials_HasNeitherPictureNorInput()
    {
        await using Helpdesk desk = await OpenAsync(new OneAccount());
        Visit visit = await desk.ConnectAsync();
        Assert.True(visit.Session.NeedsCredentials);

        await using (Sight sight = visit.Watch())
            Assert.Equal(RefusalReason.CredentialsRequired, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await sight.NextAsync())).Reason);
        await visit.Session.Input.KeyAsync(0x61, isDown: true, Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());

        desk.AssertNothingIsHeld();
        Assert.Empty(desk.History("operation.used"));
        Assert.Equal(2, desk.History("operation.refused").Count);
    }

    [Fact]
    public async Task Give_RightAfterWrong_OpensPictureAndInput()
    {
        await using Helpdesk desk = await OpenAsync(new OneAccount());
        Visit visit = await desk.ConnectAsync();

        Assert.Equal(new CredentialsOutcome(false, 2, TimeSpan.Zero), await GiveAsync(visit, "erika", "wrong"));
        Assert.True(visit.Session.NeedsCredentials);
        Assert.Equal(new CredentialsOutcome(true, 1, TimeSpan.Zero), await GiveAsync(visit, "erika", Right));

        Assert.False(visit.Session.NeedsCredentials);
        await using Sight sight = visit.Watch();
        await sight.UntilAsync(update => update.IsExact);
        sight.AssertShows(desk.Desktop);
        await visit.Session.Input.KeyAsync(0x61, isDown: true, Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());
        Assert.Single(desk.Desktop.PressedKeys);
        await Assert.ThrowsAsync<InvalidOperationException>(() => GiveAsync(visit, "erika", Right));
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Give_ThreeWrong_EndsTheSessionAndThePasswordIsNowhere()
    {
        var log = new KeptLog();
        await using Helpdesk desk = await OpenAsync(new OneAccount(), log);
        Visit visit = await desk.ConnectAsync();

        await GiveAsync(visit, "erika", "Geheimnis-eins");
        await GiveAsync(visit, "nobody", "Geheimnis-zwei");
        AccessRefusedException refused = await Assert.ThrowsAsync<AccessRefusedException>(() => GiveAsync(visit, "erika", "Geheimnis-drei"));

        Assert.Equal(RefusalReason.CredentialsWrong, refused.Reason);
        Assert.Equal(RefusalReason.CredentialsWrong, (await visit.EndAsync()).Reason);
        Assert.Equal(["erika", "nobody", "erika"], desk.History("credentials.refused").Select(entry => (string?)entry.Data()["user"]));
        Assert.Equal("CredentialsWrong", (string?)Assert.Single(desk.History("session.ended")).Data()["reason"]);
        Assert.NotEmpty(log.Text);
        AssertNowhere(desk, log, "Geheimnis");
        desk.AssertLedgerIsWhole();
    }

    [Fact]
    public async Task Give_WhatCannotBe_IsRefusedHereAndCostsNothing()
    {
        var accounts = new OneAccount();
        await using Helpdesk desk = await OpenAsync(accounts);
        Visit visit = await desk.ConnectAsync();

        foreach ((string user, string password) in ((string, string)[])[("", Right), ("eri\nka", Right), (new string('x', 257), Right), ("erika", ""), ("erika", "a\0b"), ("erika", new string('ü', 513)), ("erika", "\ud800")])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => GiveAsync(visit, user, password));

        Assert.Equal(2, (await GiveAsync(visit, "erika", Right)).TriesLeft);
        Assert.Equal(1, accounts.Asked);
    }

    [Fact]
    public async Task Give_WaitGivenUp_LeavesTheNextItsOwnAnswer()
    {
        var accounts = new OneAccount { Until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        await using Helpdesk desk = await OpenAsync(accounts);
        Visit visit = await desk.ConnectAsync();
        using var impatient = new CancellationTokenSource();
        Task<CredentialsOutcome> wrong = visit.Session.GiveCredentialsAsync("erika", "wrong".AsMemory(), impatient.Token);
        await accounts.IsAsked.Task.WaitAsync(Helpdesk.Limit());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wrong);

        Task<CredentialsOutcome> right = GiveAsync(visit, "erika", Right);
        accounts.Until.SetResult();

        Assert.Equal(new CredentialsOutcome(true, 1, TimeSpan.Zero), await right);
    }

    // A slow check must not keep the customer from ending the session, nor the technician's pings from being answered.
    [Fact]
    public async Task Give_CheckThatHangs_KeepsNothingElseWaiting()
    {
        var accounts = new OneAccount { Until = new TaskCompletionSource() };
        await using Helpdesk desk = await OpenAsync(accounts);
        Visit visit = await desk.ConnectAsync();
        Task<CredentialsOutcome> giving = GiveAsync(visit, "erika", Right);
        await accounts.IsAsked.Task.WaitAsync(Helpdesk.Limit());

        await visit.Session.PingAsync(Helpdesk.Limit());
        await desk.Trust.RevokeAsync(desk.Grant.Id, "Erika", Helpdesk.Limit());

        Assert.Equal(RefusalReason.Revoked, (await Assert.ThrowsAsync<AccessRefusedException>(() => giving)).Reason);
        Assert.Equal(RefusalReason.Revoked, (await visit.EndAsync()).Reason);
        Assert.Equal("GivenUp", (string?)Assert.Single(desk.History("credentials.refused")).Data()["answer"]);
    }

    [Fact]
    public async Task UnusualTechnician_ManyAtOnceOrUnwanted_IsRefusedEach()
    {
        var accounts = new OneAccount { Until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        await using Helpdesk desk = await OpenAsync(accounts);
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);
        ControlMessage Given(string password) => new() { Credentials = new Credentials { User = ByteString.CopyFromUtf8("erika"), Password = ByteString.CopyFromUtf8(password) } };
        await technician.SendAsync(Given(Right));
        for (int i = 0; i < 3; i++)
        {
            await technician.SendAsync(Given("wrong"));
            Assert.Equal((uint)RefusalReason.Busy, (await technician.RefusedAsync()).Reason);
        }
        accounts.Until.SetResult();
        Assert.True((await technician.ControlAsync()).CredentialsAnswer is { Accepted: true, TriesLeft: 2 });

        await technician.SendAsync(Given("wrong"));

        Assert.Equal((uint)RefusalReason.OperationNotGranted, (await technician.RefusedAsync()).Reason);
        Assert.Equal(1, accounts.Asked);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x65, 0 })]
    [InlineData(new byte[] { 0xff, 0xfe })]
    public async Task UnusualTechnician_NameThatCannotBe_CountsAsWrongAndIsNotAskedAbout(byte[] user)
    {
        var accounts = new OneAccount();
        await using Helpdesk desk = await OpenAsync(accounts);
        await using RawTechnician technician = await RawTechnician.ConnectAsync(desk);

        await technician.SendAsync(new ControlMessage { Credentials = new Credentials { User = ByteString.CopyFrom(user), Password = ByteString.CopyFromUtf8(Right) } });

        Assert.True((await technician.ControlAsync()).CredentialsAnswer is { Accepted: false, TriesLeft: 2 });
        Assert.Equal("", (string?)Assert.Single(desk.History("credentials.refused")).Data()["user"]);
        Assert.Equal(0, accounts.Asked);
    }

    [Fact]
    public async Task Give_SessionThatWantsNone_IsRefusedHere()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        Visit visit = await desk.ConnectAsync();

        Assert.False(visit.Session.NeedsCredentials);
        await Assert.ThrowsAsync<InvalidOperationException>(() => GiveAsync(visit, "erika", Right));
    }

    [Fact]
    public async Task Give_ToPamForReal_OpensThePictureForTheRightPasswordOnly()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        var log = new KeptLog();
        await using Helpdesk desk = await OpenAsync(new PamAccountCheck(new PamAccountCheckOptions { Logger = log.CreateLogger("pam") }), log);
        Visit visit = await desk.ConnectAsync();

        Assert.Equal(2, (await GiveAsync(visit, account.Name, account.Password + "x")).TriesLeft);
        Assert.Equal(1, (await GiveAsync(visit, account.Name + "x", account.Password)).TriesLeft);
        Assert.True((await GiveAsync(visit, account.Name, account.Password)).IsAccepted);

        await using Sight sight = visit.Watch();
        await sight.NextFrameAsync();
        Assert.Equal(["WrongCredentials", "WrongCredentials"], desk.History("credentials.refused").Select(entry => (string?)entry.Data()["answer"]));
        Assert.Equal(account.Name, (string?)Assert.Single(desk.History("credentials.accepted")).Data()["user"]);
        AssertNowhere(desk, log, account.Password);
    }

    private static Task<Helpdesk> OpenAsync(IAccountCheck accounts, ILoggerFactory? log = null) =>
        Helpdesk.OpenAsync(log is null ? new HelpdeskSetup { Policy = Policy, AccountCheck = accounts } : new HelpdeskSetup { Policy = Policy, AccountCheck = accounts, Logging = log });

    private static Task<CredentialsOutcome> GiveAsync(Visit visit, string user, string password) => visit.Session.GiveCredentialsAsync(user, password.AsMemory(), Helpdesk.Limit());

    private static void AssertNowhere(Helpdesk desk, KeptLog log, string password)
    {
        Assert.DoesNotContain(password, log.Text, StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(password);
        foreach (string file in Directory.EnumerateFiles(desk.State, "*", SearchOption.AllDirectories)) Assert.True(HeldFile.Read(file).AsSpan().IndexOf(bytes) < 0, file);
    }

    private sealed class OneAccount : IAccountCheck
    {
        private int asked;

        public int Asked => asked;

        public TaskCompletionSource IsAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource? Until { get; init; }

        public async ValueTask<AccountAnswer> CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            IsAsked.TrySetResult();
            if (Until is not null) await Until.Task.WaitAsync(cancellationToken);
            return user == "erika" && password.Span.SequenceEqual(Encoding.UTF8.GetBytes(Right)) ? AccountAnswer.Accepted : AccountAnswer.WrongCredentials;
        }
    }

    /// <summary>Everything that is logged, at every level.</summary>
    private sealed class KeptLog : ILoggerFactory, ILogger
    {
        private readonly StringBuilder text = new();

        public string Text
        {
            get
            {
                lock (text) return text.ToString();
            }
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (text) text.AppendLine(formatter(state, exception) + exception);
        }

        public void Dispose()
        {
        }
    }
}
