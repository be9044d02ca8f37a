using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Picture;

namespace CommandLineViewer;

/// <summary><c>screenshot OUT.png</c>: the exact pixels of the whole desktop, without the cursor.</summary>
internal static class ScreenshotCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var file = new Argument<FileInfo>("OUT.png") { Description = "Where to write the picture." };
        var command = new Command("screenshot", "Write the whole desktop as it is now, pixel for pixel, without the cursor.") { file };
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.ViewScreen, cancellationToken);
            await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync(new PictureOptions { Quality = PictureQuality.Lossless }, cancellationToken))
            {
                if (!update.IsExact) continue;
                string path = result.GetRequiredValue(file).FullName;
                string partial = path + ".part";
                await using (FileStream stream = File.Create(partial)) PngWriter.Write(stream, update.Size, update.Stride, update.Pixels);
                File.Move(partial, path, overwrite: true);
                Console.WriteLine($"{path}: {update.Size}");
                return 0;
            }

            throw new RemoteAccess.Transport.ChannelException(RemoteAccess.Transport.ChannelError.Truncated, "The session ended before a picture came.");
        }));
        return command;
    }
}
