using System.Diagnostics;
using System.Security.Cryptography;

namespace RemoteAccess.Tests;

/// <summary>A real account of this computer with a password of chance and no home, removed in the end. Only root can make one.</summary>
internal sealed class ThrowAwayAccount : IAsyncDisposable
{
    private ThrowAwayAccount(string name, string password)
    {
        Name = name;
        Password = password;
    }

    public string Name { get; }

    public string Password { get; }

    public static async Task<ThrowAwayAccount> CreateAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Making accounts wants root. Without root PAM's usual module checks nobody's password but one's own, by unix_chkpwd.");
        foreach (string program in (string[])["useradd", "chpasswd", "usermod", "chage", "userdel", "passwd"])
            Assert.SkipUnless(FindIn(program), $"{program} is not installed: apt-get install passwd");
        var account = new ThrowAwayAccount($"ra-test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", $"Pw.{RandomNumberGenerator.GetHexString(20)}.ü");
        await RunAsync("useradd", "", "--no-create-home", "--shell", "/usr/sbin/nologin", account.Name);
        try
        {
            await RunAsync("chpasswd", $"{account.Name}:{account.Password}\n");
        }
        catch
        {
            await account.DisposeAsync();
            throw;
        }
        return account;
    }

    /// <summary>Runs a program of the shadow suite on the account.</summary>
    public Task ChangeAsync(string program, params string[] arguments) => RunAsync(program, "", [.. arguments, Name]);

    public async ValueTask DisposeAsync() => await RunAsync("userdel", "", Name);

    private static bool FindIn(string program) => ((string[])["/usr/sbin", "/sbin", "/usr/bin", "/bin"]).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task RunAsync(string program, string input, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await error}{await output}");
    }
}
