using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// Has credentials checked by Windows (<c>LogonUser</c>, network log-on, whose token is closed at once). An account is named as it logs on: <c>name</c> for one of this computer,
/// <c>DOMAIN\name</c> or <c>name@domain</c>. A domain's account counts against the domain's own lock-out. Thread-safe.
/// </summary>
public sealed class WindowsAccountCheck : IAccountCheck
{
    private const int MostAtOnce = 2;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    // Of the process: a controller that does not answer keeps its thread. Never disposed.
    private static readonly SemaphoreSlim Turns = new(MostAtOnce, MostAtOnce);
    private readonly LogOn logOn;

    /// <summary>Asks nothing yet.</summary>
    public WindowsAccountCheck() : this(LogOnOnce)
    {
    }

    internal WindowsAccountCheck(LogOn logOn) => this.logOn = logOn;

    /// <summary>The seam to LogonUser: 0, or the Win32 error. The password ends with U+0000.</summary>
    internal delegate int LogOn(string user, string? domain, ReadOnlySpan<char> password);

    /// <inheritdoc/>
    public async ValueTask<AccountAnswer> CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        // Both end at a 00 in C: another account or password would be checked than was given.
        if (user.Contains('\0', StringComparison.Ordinal) || password.IsEmpty || password.Span.Contains((byte)0)) return AccountAnswer.WrongCredentials;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            await Turns.WaitAsync(limit.Token).ConfigureAwait(false);
            // The thread has its own copy, because the caller wipes this one when we give up waiting.
            return await Start(user, Decode(password.Span)).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return AccountAnswer.Unavailable;
        }
    }

    /// <summary>What a Win32 error of LogonUser says.</summary>
    internal static AccountAnswer Read(int error) => error switch
    {
        0 => AccountAnswer.Accepted,
        // No such account, or a wrong password: one answer, as Windows gives it.
        1326 or 1317 => AccountAnswer.WrongCredentials,
        // The password has to be changed, is too old, or the account's time is over.
        1330 or 1907 or 1793 => AccountAnswer.Expired,
        // Disabled, locked, outside its hours, not from here, no empty password, no such kind of log-on.
        1331 or 1909 or 1328 or 1329 or 1327 or 1385 => AccountAnswer.NotAllowed,
        _ => AccountAnswer.Unavailable,
    };

    /// <summary>The name and the domain that LogonUser wants.</summary>
    internal static (string User, string? Domain) Split(string account)
    {
        if (account.Contains('@', StringComparison.Ordinal)) return (account, null);
        int at = account.IndexOf('\\', StringComparison.Ordinal);
        return at < 0 ? (account, ".") : (account[(at + 1)..], account[..at]);
    }

    private static unsafe int LogOnOnce(string user, string? domain, ReadOnlySpan<char> password)
    {
        nint token = 0;
        fixed (char* secret = password)
        {
            if (Advapi32Logon.LogonUserW(user, domain, secret, Advapi32Logon.Network, 0, &token) == 0) return Marshal.GetLastPInvokeError() is var error && error != 0 ? error : -1;
        }
        _ = Advapi32Logon.CloseHandle(token);
        return 0;
    }

    private static char[] Decode(ReadOnlySpan<byte> password)
    {
        char[] decoded = GC.AllocateArray<char>(Encoding.UTF8.GetCharCount(password) + 1, pinned: true);
        _ = Encoding.UTF8.GetChars(password, decoded);
        return decoded;
    }

    private Task<AccountAnswer> Start(string account, char[] password)
    {
        var answer = new TaskCompletionSource<AccountAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Check(account, password, answer)) { IsBackground = true, Name = "RemoteAccess log-on" };
        thread.UnsafeStart();
        return answer.Task;
    }

    private void Check(string account, char[] password, TaskCompletionSource<AccountAnswer> answer)
    {
        try
        {
            (string user, string? domain) = Split(account);
            answer.SetResult(Read(logOn(user, domain, password)));
        }
        catch (Exception error)
        {
            // On a thread of our own it would end the process; whoever asked gets it.
            answer.SetException(error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(password.AsSpan()));
            Turns.Release();
        }
    }
}
