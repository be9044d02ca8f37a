using RemoteAccess;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>Turns what can go wrong into one line on standard error and exit code 1.</summary>
internal static class Complaint
{
    public static async Task<int> Guard(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception error) when (error is StateException or SurfaceException or DesktopException or ChannelException or AccessRefusedException
            or ServiceException or IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"remoteaccess-agent: {Plain(error)}");
            return 1;
        }
    }

    /// <summary>Without the name that the parameter has in the program.</summary>
    private static string Plain(Exception error) =>
        error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}
