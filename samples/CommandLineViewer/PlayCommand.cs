using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using RemoteAccess;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace CommandLineViewer;

/// <summary><c>play FILE</c>: what a recording is, one picture of it, or all. Needs no computer and no grant.</summary>
internal static class PlayCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A recording." };
        var info = new Option<bool>("--info") { Description = "Say what it is, and check it to its end. Default." };
        var at = new Option<double?>("--png-at") { Description = "Write the picture at this many seconds from the beginning.", HelpName = "SECONDS" };
        var output = new Option<FileInfo?>("--out") { Description = "Where that picture goes.", HelpName = "OUT.png" };
        var frames = new Option<DirectoryInfo?>("--frames") { Description = "Write every frame there; a new folder.", HelpName = "FOLDER" };
        var command = new Command("play", "Play a recording that 'record' made.") { file, info, at, output, frames };
        command.Validators.Add(result =>
        {
            if ((result.GetResult(at) is null) != (result.GetResult(output) is null)) result.AddError("--png-at and --out go together.");
            if (result.GetResult(at) is not null && result.GetValue(at) is not >= 0) result.AddError("--png-at must be 0 or more seconds.");
            if (result.GetResult(frames) is not null && result.GetResult(at) is not null) result.AddError("Say --png-at or --frames.");
        });
        command.SetAction((result, _) => Complaint.Guard(() => Task.FromResult(Run(result.GetRequiredValue(file), result.GetValue(at), result.GetValue(output), result.GetValue(frames)))));
        return command;
    }

    private static int Run(FileInfo file, double? at, FileInfo? output, DirectoryInfo? frames)
    {
        if (frames is not null) WriteFrames(file, frames);
        else if (at is { } seconds) WritePicture(file, TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)), output!);
        else Describe(file);
        return 0;
    }

    private static void Describe(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        using var reader = new RecordingReader(stream);
        Console.WriteLine($"session   {reader.Info.SessionId}");
        Console.WriteLine($"computer  {reader.Info.HostId}");
        Console.WriteLine($"grant     {reader.Info.GrantId}");
        Console.WriteLine($"began     {reader.Info.BeganAt:u}");
        long last = 0;
        int count = 0;
        while (reader.TryRead())
        {
            if (reader.Update.Sequence != last) count++;
            last = reader.Update.Sequence;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"length    {reader.At.TotalSeconds:0.0} s, {count} frames, {reader.Update.Size} at the end"));
        Console.WriteLine(!reader.IsComplete ? "end       none: the file was cut, and plays up to the cut" : $"end       {(reader.EndReason == RefusalReason.None ? "stopped by the technician" : reader.EndReason)}");
        stream.Position = 0;
        Console.WriteLine($"SHA-256   {Convert.ToHexStringLower(SHA256.HashData(stream))}, to be held against recording.stopped in the computer's history");
    }

    private static void WritePicture(FileInfo file, TimeSpan at, FileInfo output)
    {
        int wanted = 0;
        using (FileStream stream = file.OpenRead())
        using (var reader = new RecordingReader(stream))
            while (reader.TryRead() && (reader.At <= at || wanted == 0)) wanted++;
        if (wanted == 0) throw new InvalidDataException("The recording holds no picture.");
        using FileStream again = file.OpenRead();
        using var second = new RecordingReader(again);
        for (int i = 0; i < wanted; i++) second.TryRead();
        Write(second.Update, output.FullName);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{output.FullName}: {second.Update.Size}, at {second.At.TotalSeconds:0.000} s"));
    }

    private static void WriteFrames(FileInfo file, DirectoryInfo folder)
    {
        if (Path.Exists(folder.FullName)) throw new ArgumentException($"{folder.FullName} exists already. Name a new folder.");
        using FileStream stream = file.OpenRead();
        using var reader = new RecordingReader(stream);
        folder.Create();
        long last = 0;
        int count = 0;
        while (reader.TryRead())
        {
            if (reader.Update.Sequence == last) continue;
            last = reader.Update.Sequence;
            Write(reader.Update, Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{++count:000000}-{reader.At.TotalSeconds:0000.000}s.png")));
        }
        Console.WriteLine($"{folder.FullName}: {count} frames{(reader.IsComplete ? "" : "; the file was cut there")}");
    }

    private static void Write(PictureUpdate update, string path)
    {
        using FileStream stream = File.Create(path);
        PngWriter.Write(stream, update.Size, update.Stride, update.Pixels);
    }
}
