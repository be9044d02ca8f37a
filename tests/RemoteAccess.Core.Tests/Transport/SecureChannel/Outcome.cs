using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>How something ended, as one word: the declared exceptions with their reason. Any other exception escapes and fails the test.</summary>
internal static class Outcome
{
    public static async Task<string> OfAsync(Func<Task> run, Func<string> success)
    {
        try
        {
            await run();
            return success();
        }
        catch (ChannelException fault)
        {
            return $"ChannelException.{fault.Error}";
        }
        catch (AccessRefusedException fault)
        {
            return $"AccessRefused.{fault.Reason}";
        }
    }
}
