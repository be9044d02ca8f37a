using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Picture;

namespace CommandLineViewer;

/// <summary><c>screenshot OUT.png</c>: the exact pixels of the whole desktop or of one monitor, without the cursor.</summary>
internal static class ScreenshotCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var file = new Argument<FileInfo>("OUT.png") { Description = "Where to write the picture." };
        Option<string?> monitor = MonitorChoice.Create();
        var command = new Command("screenshot", "Write the whole desktop as it is now, or one monitor, pixel for pixel, without the cursor.") { file, monitor };
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.ViewScreen, cancellationToken);
            PixelRect? region = result.GetValue(monitor) is { } which ? (await MonitorChoice.FindAsync(session, which, cancellationToken)).Area : null;
            await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(new PictureOptions { Quality = PictureQuality.Lossless, Region = region }, cancellationToken))
            {
                if (!update.IsExact) continue;
                PixelRect area = (region ?? new PixelRect(0, 0, update.Size.Width, update.Size.Height)).Intersect(new PixelRect(0, 0, update.Size.Width, update.Size.Height));
                string path = result.GetRequiredValue(file).FullName;
                string partial = path + ".part";
                await using (FileStream stream = File.Create(partial)) PngWriter.Write(stream, new PixelSize(area.Width, area.Height), update.Stride, update.Pixels[((area.Y * update.Stride) + (area.X * 4))..]);
                File.Move(partial, path, overwrite: true);
                Console.WriteLine($"{path}: {new PixelSize(area.Width, area.Height)}");
                return 0;
            }

            throw new RemoteAccess.Transport.ChannelException(RemoteAccess.Transport.ChannelError.Truncated, "The session ended before a picture came.");
        }));
        return command;
    }
}
