using System.CommandLine;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace CommandLineViewer;

/// <summary>
/// <c>probe</c>: a headless viewer for benchmarks. Prints <c>READY bytes</c> with the first whole picture, then notes when each frame stamp
/// (see <see cref="FrameStamp"/>) is seen; a line or the end of standard input ends it: the notes go to the CSV file, one line of JSON
/// to standard output.
/// </summary>
internal static class ProbeCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var csv = new Option<FileInfo>("--csv") { Description = "Where to write id,t_seen_ns,bytes_rx.", HelpName = "FILE", Required = true };
        var prefix = new Option<string?>("--snap-prefix") { Description = "Write framebuffers to PREFIX<id>.bgrx and PREFIXfinal.bgrx.", HelpName = "PREFIX" };
        var every = new Option<int>("--snap-every") { Description = "Keep a framebuffer of each stamp that is a multiple of N.", HelpName = "N" };
        var lossless = new Option<bool>("--lossless") { Description = "Ask for exact pictures only; otherwise photographs and video are exact once they stand still." };
        var command = new Command("probe", "Measure when stamped frames are seen (headless benchmark viewer).") { csv, prefix, every, lossless };
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.ViewScreen, cancellationToken);
            var log = new ProbeLog(result.GetValue(prefix), result.GetValue(every));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<string?> asked = Task.Run(Console.In.ReadLine, cancellationToken);
            var options = new PictureOptions { Quality = result.GetValue(lossless) ? PictureQuality.Lossless : PictureQuality.Balanced };
            Task watching = WatchAsync(session, options, log, stop.Token);
            await Task.WhenAny(asked, watching);
            await stop.CancelAsync();
            int code = 0;
            try
            {
                await watching;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                code = 0;
            }
            catch (Exception end) when (end is ChannelException or AccessRefusedException)
            {
                // What was seen until then is kept all the same.
                await Console.Error.WriteLineAsync($"remoteaccess-viewer: {end.Message}");
                code = end is AccessRefusedException ? 3 : 4;
            }

            log.Write(result.GetRequiredValue(csv).FullName);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{{\"bytes_rx\": {session.BytesReceived}, \"updates\": {log.Updates}, \"last_id\": {log.LastId}, \"bad_stamps\": {log.BadStamps}, \"dead\": {(code == 0 ? 0 : 1)}}}"));
            return code;
        }));
        return command;
    }

    private static async Task WatchAsync(RemoteSession session, PictureOptions options, ProbeLog log, CancellationToken cancellationToken)
    {
        bool ready = false;
        await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(options, cancellationToken))
        {
            if (!ready)
            {
                Console.WriteLine($"READY {session.BytesReceived}");
                ready = true;
            }

            log.See(update, session.BytesReceived);
        }
    }
}
