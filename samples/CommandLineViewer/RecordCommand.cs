using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace CommandLineViewer;

/// <summary><c>record --out FILE</c>: watches and writes what it sees to a file. The person at the computer sees that it does, and can end it.</summary>
internal static class RecordCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public static Command Create()
    {
        var connection = new Connection();
        var file = new Option<FileInfo>("--out") { Description = "Where the recording goes; a new file.", HelpName = "FILE", Required = true };
        var length = new Option<TimeSpan?>("--for") { Description = "For how long, as in 30s or 10m. Default: until Ctrl+C or the session's end.", HelpName = "TIME", CustomParser = ReadLength };
        var command = new Command("record", "Watch, and write what is seen to a file. The computer shows its user that it is recorded.") { file, length };
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            string path = result.GetRequiredValue(file).FullName;
            if (Path.Exists(path)) throw new ArgumentException($"{path} exists already. Name a new file.");
            await using RemoteSession session = await connection.OpenAsync(result, Operations.ViewScreen | Operations.RecordSession, cancellationToken);
            await session.Recording.StartAsync(path, cancellationToken);
            Console.WriteLine($"RECORDING session {session.Id} of {session.ComputerName}, whose user is shown that it is recorded");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (result.GetValue(length) is { } limit) stop.CancelAfter(limit);
            Task watching = WatchAsync(session, stop.Token);
            await Task.WhenAny(watching, session.Recording.Ended);
            RecordedFile recorded = await session.Recording.StopAsync(CancellationToken.None);
            await stop.CancelAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {recorded.Bytes} bytes, {recorded.Length.TotalSeconds:0.0} s"));
            Console.WriteLine($"SHA-256 {Convert.ToHexStringLower(recorded.Sha256.Span)}, {(recorded.IsInLedger ? "in the computer's ledger" : "NOT in the computer's ledger: the session was over before")}");
            await watching;
            return recorded.Reason == RefusalReason.None ? 0 : throw new AccessRefusedException(recorded.Reason, operation: Operations.RecordSession);
        }));
        return command;
    }

    /// <summary>Frames are sent only while somebody looks.</summary>
    private static async Task WatchAsync(RemoteSession session, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (PictureUpdate _ in session.Picture.ReadUpdatesAsync(cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static TimeSpan? ReadLength(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int unit = text.EndsWith('s') ? 1 : text.EndsWith('m') ? 60 : 0;
        if (unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 && TimeSpan.FromSeconds((long)count * unit) <= Longest) return TimeSpan.FromSeconds((long)count * unit);
        result.AddError($"'{text}' is not a length: as in 30s or 10m, at most {(int)Longest.TotalMinutes}m.");
        return null;
    }
}
