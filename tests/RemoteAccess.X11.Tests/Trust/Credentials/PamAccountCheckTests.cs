using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The operating system's own answer, for accounts that are made for it. PAM delays each refusal by some seconds.</summary>
public sealed class PamAccountCheckTests
{
    private readonly KeptLog log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_RightPassword_IsAccepted()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();

        Assert.Equal(AccountAnswer.Accepted, await CheckAsync(account.Name, account.Password));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task Check_WrongPasswordUnknownUserAndLockedAccount_AreAnsweredAlike()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await using ThrowAwayAccount locked = await ThrowAwayAccount.CreateAsync();
        await locked.ChangeAsync("usermod", "-L");
        long start = Stopwatch.GetTimestamp();

        AccountAnswer[] answers = await Task.WhenAll(CheckAsync(account.Name, account.Password + "x"), CheckAsync(account.Name + "x", account.Password), CheckAsync(locked.Name, locked.Password));

        Assert.Equal([AccountAnswer.WrongCredentials, AccountAnswer.WrongCredentials, AccountAnswer.WrongCredentials], answers);
        // Not what it takes but what it must take: a refusal at once would let passwords be tried by the thousand.
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(1));
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData("usermod", "-e", "1970-01-02")]
    [InlineData("chage", "-d", "0")]
    public async Task Check_AccountOrPasswordExpired_IsExpired(string program, string option, string value)
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await using PamService service = await PamService.CreateAsync("auth required pam_unix.so\naccount required pam_unix.so\n");
        var own = new PamAccountCheckOptions { Service = service.Name };
        Assert.Equal(AccountAnswer.Accepted, await CheckAsync(account.Name, account.Password, own));

        await account.ChangeAsync(program, option, value);

        Assert.Equal(AccountAnswer.Expired, await CheckAsync(account.Name, account.Password, own));
        // Debian's own services say no more of an account that is over than that it may not.
        Assert.Contains(await CheckAsync(account.Name, account.Password), (AccountAnswer[])[AccountAnswer.Expired, AccountAnswer.NotAllowed]);
    }

    [Fact]
    public async Task Check_AccountWithoutPassword_IsNotAccepted()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await account.ChangeAsync("passwd", "-d");

        Assert.Equal(AccountAnswer.WrongCredentials, await CheckAsync(account.Name, ""));
        Assert.Equal(AccountAnswer.WrongCredentials, await CheckAsync(account.Name, "x"));
    }

    // In C both would end at the 00, and be right.
    [Fact]
    public async Task Check_RightCredentialsWithMoreBehindAZero_AreWrong()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();

        Assert.Equal(AccountAnswer.WrongCredentials, await CheckAsync(account.Name, account.Password + "\0x"));
        Assert.Equal(AccountAnswer.WrongCredentials, await CheckAsync(account.Name + "\0x", account.Password));
    }

    [Theory]
    [InlineData("root\nx")]
    [InlineData("../root")]
    [InlineData("%s%s%n")]
    [InlineData("-e")]
    [InlineData("ünknown")]
    public async Task Check_UnusualNames_AreWrong(string name) => Assert.Equal(AccountAnswer.WrongCredentials, await CheckAsync(name, "x"));

    [Fact]
    public async Task Check_PasswordTooLongForPam_IsWrongAndNotCut()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();

        Assert.Equal(AccountAnswer.WrongCredentials, await CheckAsync(account.Name, account.Password + new string('x', 2000)));
    }

    // pam_rootok lets root pass unasked: taken at its word, any password would do.
    [Fact]
    public async Task Check_ServiceThatLetsRootPassUnasked_IsUnavailable()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        Assert.SkipUnless(File.Exists("/etc/pam.d/su"), "There is no service of su on this computer.");

        Assert.Equal(AccountAnswer.Unavailable, await CheckAsync(account.Name, "not it", new PamAccountCheckOptions { Service = "su", Logger = log }));
        Assert.Contains("lets this agent's account pass", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    // pam_userdb asks for a password of its own.
    [Fact]
    public async Task Check_ServiceThatAsksTwice_IsUnavailableAndLogged()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await using PamService service = await PamService.CreateAsync("auth required pam_unix.so\nauth required pam_userdb.so db=/nonexistent\naccount required pam_permit.so\n");

        Assert.Equal(AccountAnswer.Unavailable, await CheckAsync(account.Name, account.Password, new PamAccountCheckOptions { Service = service.Name, Logger = log }));
        Assert.Contains("more than one password", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AccountThatMayNotLogOn_IsNotAllowed()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await using PamService service = await PamService.CreateAsync("auth required pam_unix.so\naccount required pam_deny.so\n");

        Assert.Equal(AccountAnswer.NotAllowed, await CheckAsync(account.Name, account.Password, new PamAccountCheckOptions { Service = service.Name }));
    }

    [Fact]
    public async Task Check_ModuleThatIsMissing_IsUnavailableAndLogged()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await using PamService service = await PamService.CreateAsync("auth required pam_no_such_module.so\n");

        Assert.Equal(AccountAnswer.Unavailable, await CheckAsync(account.Name, account.Password, new PamAccountCheckOptions { Service = service.Name, Logger = log }));
        Assert.Contains(service.Name, Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(account.Password, string.Concat(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ModuleThatHangs_IsUnavailableInTimeAndTheNextWaitsForItsTurn()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        await using PamService service = await PamService.CreateAsync("auth required pam_exec.so /bin/sleep 4\nauth required pam_unix.so\naccount required pam_permit.so\n");
        var impatient = new PamAccountCheckOptions { Service = service.Name, TimeLimit = TimeSpan.FromSeconds(1), Logger = log };

        AccountAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CheckAsync(account.Name, account.Password, impatient)));

        Assert.Equal([AccountAnswer.Unavailable, AccountAnswer.Unavailable, AccountAnswer.Unavailable], answers);
        Assert.Equal(3, log.Lines.Count);
        // Both turns are taken by threads that sleep; this one gets its own when the first wakes.
        Assert.Equal(AccountAnswer.Accepted, await CheckAsync(account.Name, account.Password));
    }

    [Fact]
    public async Task Check_Cancelled_ThrowsWithoutWaitingForPam()
    {
        await using ThrowAwayAccount account = await ThrowAwayAccount.CreateAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new PamAccountCheck().CheckAsync(account.Name, Encoding.UTF8.GetBytes(account.Password), cancelled.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../login")]
    [InlineData("Login")]
    [InlineData("a b")]
    [InlineData("login\n")]
    public void Options_ServiceThatIsNoName_IsRefused(string service) => Assert.Throws<ArgumentException>(() => new PamAccountCheck(new PamAccountCheckOptions { Service = service }));

    private Task<AccountAnswer> CheckAsync(string user, string password, PamAccountCheckOptions? options = null) =>
        new PamAccountCheck(options ?? new PamAccountCheckOptions { Logger = log }).CheckAsync(user, Encoding.UTF8.GetBytes(password), Cancel).AsTask();

    /// <summary>A service in /etc/pam.d, as an administrator would write one.</summary>
    private sealed class PamService(string name) : IAsyncDisposable
    {
        public string Name => name;

        public static async Task<PamService> CreateAsync(string content)
        {
            var service = new PamService($"ra-test-{Guid.NewGuid():N}");
            await File.WriteAllTextAsync($"/etc/pam.d/{service.Name}", content, Cancel);
            return service;
        }

        public ValueTask DisposeAsync()
        {
            File.Delete($"/etc/pam.d/{name}");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class KeptLog : ILogger
    {
        private readonly Lock gate = new();

        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (gate) Lines.Add(formatter(state, exception) + exception);
        }
    }
}
