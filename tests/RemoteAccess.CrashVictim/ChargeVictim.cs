using System.Globalization;
using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.CrashVictim;

/// <summary>
/// Admits one technician to one guess, over the gate that the product uses, and stops where the host would send PakeReply: it says
/// <c>opening</c> before and <c>admitted</c> after, and waits to be killed. Or goes on to a session that uses one operation, and says <c>running</c>.
/// </summary>
internal static class ChargeVictim
{
    /// <summary>Arguments: state directory, tenant directory, grant file.</summary>
    public static async Task<int> RunAsync(string[] args, bool goesOn)
    {
        if (!Grant.TryReadPem(await File.ReadAllTextAsync(args[2]), out Grant? grant)) return 65;
        using TenantIdentity tenant = TenantIdentity.Open(args[1]);
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = args[0] });
        var request = new ConnectRequest
        {
            Certificate = tenant.IssueCertificate("Crash Victim", Operations.All, TimeProvider.System.GetUtcNow()),
            GrantId = grant.Id,
            GrantDigest = grant.Digest,
            Wanted = Operations.ViewScreen,
            Reason = "",
            ResumeToken = default,
            Suite = 1,
            Peer = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}"),
        };
        await SayAsync("opening");
        PakeAdmission admission = await trust.Gate.AdmitAsync(request, CancellationToken.None);
        await SayAsync(admission.Refusal == RefusalReason.None ? "admitted" : admission.Refusal.ToString());
        if (goesOn)
        {
            SessionDecision decision = await trust.Gate.AcceptAsync(admission, RandomNumberGenerator.GetBytes(16), CancellationToken.None);
            if (decision.Session is not { } session) return 69;
            await session.PermitAsync(Operations.ViewScreen, CancellationToken.None);
            await SayAsync("running");
        }
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    private static async Task SayAsync(string word)
    {
        await Console.Out.WriteLineAsync(word);
        await Console.Out.FlushAsync();
    }
}
