using RemoteAccess;
using RemoteAccess.Transport;

namespace CommandLineViewer;

/// <summary>Turns what can go wrong into one line on standard error and an exit code: 1 failed, 3 refused by the computer, 4 connection cut.</summary>
internal static class Complaint
{
    public static async Task<int> Guard(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (AccessRefusedException refusal)
        {
            return Say(refusal.Message, 3);
        }
        catch (ChannelException error)
        {
            return Say(error.Message, error.Error == ChannelError.Truncated ? 4 : 1);
        }
        catch (Exception error) when (error is StateException or IOException or InvalidDataException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            return Say(Plain(error), 1);
        }
        catch (OperationCanceledException)
        {
            return Say("Cancelled.", 130);
        }
    }

    /// <summary>Without the name that the parameter has in the program.</summary>
    private static string Plain(Exception error) =>
        error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;

    private static int Say(string text, int code)
    {
        Console.Error.WriteLine($"remoteaccess-viewer: {text}");
        return code;
    }
}
