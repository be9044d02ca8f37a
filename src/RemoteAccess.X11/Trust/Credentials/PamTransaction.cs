using Microsoft.Extensions.Logging;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>One check by PAM, from pam_start to pam_end: authentication, then whether the account may log on. No session is opened and no credentials are set.</summary>
internal static unsafe class PamTransaction
{
    /// <summary>Blocks for as long as PAM's modules do; a refusal takes some seconds. Any thread.</summary>
    public static AccountAnswer Run(string service, string user, PamConversation conversation, ILogger logger)
    {
        PamConversationEntry entry = conversation.Entry;
        int result = LibPam.pam_start(service, user, &entry, out nint handle);
        if (result != LibPam.Success)
        {
            Log.PamFailed(logger, service, "pam_start", result);
            return AccountAnswer.Unavailable;
        }
        try
        {
            result = LibPam.pam_authenticate(handle, LibPam.Silent | LibPam.DisallowNullPassword);
            if (result != LibPam.Success) return Refused(service, result, conversation, logger);
            if (!conversation.WasAsked)
            {
                Log.PamAskedNothing(logger, service);
                return AccountAnswer.Unavailable;
            }
            result = LibPam.pam_acct_mgmt(handle, LibPam.Silent | LibPam.DisallowNullPassword);
            return result switch
            {
                LibPam.Success => AccountAnswer.Accepted,
                LibPam.NewPasswordRequired or LibPam.AccountExpired => AccountAnswer.Expired,
                LibPam.PermissionDenied or LibPam.WrongAuthentication => AccountAnswer.NotAllowed,
                LibPam.UserUnknown => AccountAnswer.WrongCredentials,
                _ => Unavailable(service, "pam_acct_mgmt", result, logger),
            };
        }
        finally
        {
            _ = LibPam.pam_end(handle, result);
        }
    }

    private static AccountAnswer Refused(string service, int result, PamConversation conversation, ILogger logger)
    {
        if (conversation.WasAskedForMore)
        {
            Log.PamAskedForMore(logger, service);
            return AccountAnswer.Unavailable;
        }
        return result switch
        {
            LibPam.WrongAuthentication or LibPam.UserUnknown or LibPam.MaxTries => AccountAnswer.WrongCredentials,
            LibPam.PermissionDenied => AccountAnswer.NotAllowed,
            LibPam.AccountExpired or LibPam.NewPasswordRequired => AccountAnswer.Expired,
            _ => Unavailable(service, "pam_authenticate", result, logger),
        };
    }

    private static AccountAnswer Unavailable(string service, string call, int result, ILogger logger)
    {
        Log.PamFailed(logger, service, call, result);
        return AccountAnswer.Unavailable;
    }
}
