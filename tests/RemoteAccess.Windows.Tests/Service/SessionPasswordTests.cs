using System.Globalization;
using System.Text;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A password on its way from the helper's window to the service: both ends of the product over memory, and helpers that lie.</summary>
public sealed class SessionPasswordTests
{
    private static readonly EnrolmentQuestion Question = new() { User = "erika", Nickname = "Contoso: Küche", IsAgain = true, Culture = CultureInfo.GetCultureInfo("de-DE") };

    private readonly HelperHome home = new();
    private readonly List<string> checkedHere = [];
    private readonly List<ReadOnlyMemory<byte>> lent = [];
    private LogonScreenState screen = new(false, "erika");

    private SessionCredentialPrompt Prompt => new(home, session => session == 1 ? screen : default);

    [Fact]
    public async Task Password_WrongThenRight_IsCheckedByTheServiceAndWiped()
    {
        TypingPrompt person = new("falsch", "Hühnersuppe-4711");
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = person });
        Assert.Equal("erika", Prompt.User);

        Assert.Equal(CredentialEnrolment.Stored, await AskAsync());

        Assert.Equal(["falsch", "Hühnersuppe-4711"], checkedHere);
        Assert.Equal([CredentialEnrolment.WrongCredentials, CredentialEnrolment.Stored], person.Answers);
        Assert.Equal(Question, Assert.Single(person.Asked));
        Assert.All(lent, static password => Assert.All(password.ToArray(), static value => Assert.Equal(0, value)));
    }

    [Fact]
    public async Task Window_Closed_StoresNothing()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = new ClosingPrompt() });

        Assert.Null(await AskAsync());
        Assert.Empty(checkedHere);
    }

    [Fact]
    public async Task Window_TakenBack_Goes()
    {
        TypingPrompt person = new();
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = person });
        using CancellationTokenSource stop = new();
        Task<CredentialEnrolment?> asking = Prompt.AskAsync(Question, StoreAsync, stop.Token).AsTask();
        await Eventually.Is(() => !person.Asked.IsEmpty, "it is shown");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task Nobody_WhoIsThere_IsAsked()
    {
        Assert.Null(Prompt.User);
        await Assert.ThrowsAsync<DesktopException>(AskAsync);
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = new TypingPrompt("x") });
        // Locked; at the log-on screen; somebody else.
        foreach (LogonScreenState other in (LogonScreenState[])[new(true, "erika"), new(true, null), new(false, null), new(false, "max")])
        {
            screen = other;
            Assert.Equal(other.IsShown ? null : other.User, Prompt.User);
            await Assert.ThrowsAsync<DesktopException>(AskAsync);
        }
        Assert.Empty(checkedHere);
    }

    [Fact]
    public async Task Password_TypedAfterTheUserChanged_IsNotStored()
    {
        TypingPrompt person = new("falsch", "gut");
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = person });

        Assert.Equal(CredentialEnrolment.Unavailable, await Prompt.AskAsync(Question, (password, token) =>
        {
            screen = new LogonScreenState(true, "erika");
            return StoreAsync(password, token);
        }, default).AsTask().WaitAsync(Eventually.Limit));

        Assert.Equal(["falsch"], checkedHere);
    }

    [Fact]
    public async Task Storing_ThatFails_IsTheAskersToHear()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = new TypingPrompt("gut") });

        Assert.Equal("the disk is full", (await Assert.ThrowsAsync<InvalidOperationException>(() => Prompt.AskAsync(Question, static (_, _) => throw new InvalidOperationException("the disk is full"), default).AsTask().WaitAsync(Eventually.Limit))).Message);
    }

    [Fact]
    public async Task Helper_ThatGoes_IsAnsweredByNobody()
    {
        HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = new TypingPrompt() });
        Task<CredentialEnrolment?> asking = AskAsync();
        await helper.DisposeAsync();

        await Assert.ThrowsAsync<DesktopException>(() => asking.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task HelperThatLies_IsGivenUpAndStoresNothing()
    {
        byte[] whole = new byte[WireLimits.MaxPassword + 1];
        MessageWriter[][] lies =
        [
            // It came to something, and nothing was typed.
            [new MessageWriter(HelperWord.Enrolled, 1).Flag(true)],
            [new MessageWriter(HelperWord.Password, 1)],
            [new MessageWriter(HelperWord.Password, 1).Bytes(whole)],
            // Two at once.
            [new MessageWriter(HelperWord.Password, 1).Bytes("hang"u8), new MessageWriter(HelperWord.Password, 1).Bytes("b"u8)],
            [new MessageWriter(HelperWord.Enrolled, 1).Flag(true).Byte(1)],
            [new MessageWriter(HelperWord.Attention, 1)],
            [new MessageWriter(HelperWord.Answer, 1).Flag(true).Flag(true)],
        ];
        foreach (MessageWriter[] lie in lies)
        {
            (Stream service, Stream helper) = Duplex.Pair();
            await using HelperStream mine = new(helper);
            using FakeProcess process = new();
            await using HelperLink link = new(service, process, TimeProvider.System);
            Task<string> serving = link.RunAsync(() => home.Set(link), default);
            mine.Send(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version));
            await Eventually.Is(() => home.Current == link, "the greeting is heard");
            Task<CredentialEnrolment?> asking = AskAsync();
            Assert.Equal(HelperWord.AskPassword, (await mine.ReadAsync(default))?.Word);
            foreach (MessageWriter message in lie) mine.Send(message);

            Assert.Contains("protocol", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
            await Assert.ThrowsAsync<DesktopException>(() => asking.WaitAsync(Eventually.Limit));
        }
        Assert.DoesNotContain("b", checkedHere);
    }

    [Fact]
    public async Task Helper_ThatSendsAnotherPasswordAfterTheStoredOne_StoresNoOther()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = new InsistingPrompt() });

        await Assert.ThrowsAsync<DesktopException>(AskAsync);

        Assert.Equal(["gut"], checkedHere);
    }

    [Fact]
    public async Task Helper_ThatGuessesOnAndOn_IsGivenUpAfterFive()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { CredentialPrompt = new TypingPrompt([.. Enumerable.Repeat("falsch", 9)]) });

        await Assert.ThrowsAsync<DesktopException>(AskAsync);

        Assert.Equal(5, checkedHere.Count);
    }

    [Fact]
    public async Task Stream_OnceThePasswordHasGone_HasNothingOfItLeft()
    {
        KeptStream kept = new();
        await using (HelperStream stream = new(kept))
        {
            stream.SendPassword(7, "Hühnersuppe-4711"u8);
            await Eventually.Is(() => kept.Written is { Length: > 0 } && kept.Written.Span.IndexOfAnyExcept((byte)0) < 0, "what was sent is wiped");
        }
        Assert.Contains("Hühnersuppe-4711", Encoding.UTF8.GetString([.. kept.Copy]), StringComparison.Ordinal);

        (Stream one, Stream other) = Duplex.Pair();
        await using HelperStream sender = new(one), reader = new(other);
        sender.SendPassword(7, "Hühnersuppe-4711"u8);
        sender.Send(new MessageWriter(HelperWord.Idle, 0).Long(1));
        ReceivedWord read = await reader.ReadAsync(default) ?? default;
        Assert.Equal("Hühnersuppe-4711", Encoding.UTF8.GetString(read.Body.Span));
        _ = await reader.ReadAsync(default);
        // The next message's body lies in its place, and behind it nothing.
        Assert.All(read.Body[sizeof(long)..].ToArray(), static value => Assert.Equal(0, value));
    }

    private Task<CredentialEnrolment?> AskAsync() => Prompt.AskAsync(Question, StoreAsync, default).AsTask().WaitAsync(Eventually.Limit);

    private async ValueTask<CredentialEnrolment> StoreAsync(ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        string text = Encoding.UTF8.GetString(password.Span);
        lent.Add(password);
        checkedHere.Add(text);
        if (text == "hang") await Task.Delay(Timeout.Infinite, cancellationToken);
        return text == "falsch" ? CredentialEnrolment.WrongCredentials : CredentialEnrolment.Stored;
    }

    private sealed class ClosingPrompt : ICredentialPrompt
    {
        public string? User => null;

        public ValueTask<CredentialEnrolment?> AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken) => ValueTask.FromResult<CredentialEnrolment?>(null);
    }

    /// <summary>Sends a good password, and then another.</summary>
    private sealed class InsistingPrompt : ICredentialPrompt
    {
        public string? User => null;

        public async ValueTask<CredentialEnrolment?> AskAsync(EnrolmentQuestion question, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<CredentialEnrolment>> store, CancellationToken cancellationToken)
        {
            foreach (string password in (string[])["gut", "besser"]) await store(Encoding.UTF8.GetBytes(password), cancellationToken);
            return CredentialEnrolment.Stored;
        }
    }

    /// <summary>Keeps what it was given to write, as it was and where it was.</summary>
    private sealed class KeptStream : MemoryStream
    {
        public ReadOnlyMemory<byte> Written { get; private set; }

        public List<byte> Copy { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Copy.AddRange(buffer.Span);
            Written = buffer;
            return ValueTask.CompletedTask;
        }
    }
}
