using System.CommandLine;
using System.Text;
using System.Threading.Channels;
using RemoteAccess;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary>
/// <c>clipboard put | get | watch</c>. What was on the computer's clipboard before is never sent: <c>get</c> waits for the next text that somebody copies there.
/// </summary>
internal static class ClipboardCommand
{
    public static Command Create() => new("clipboard", "Exchange texts with the computer's clipboard.") { CreatePut(), CreateReading("get", isOne: true), CreateReading("watch", isOne: false) };

    private static Command CreatePut()
    {
        var connection = new Connection();
        var text = new Argument<string?>("TEXT") { Description = "What to put there. Default: the file of --from.", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<FileInfo?>("--from") { Description = "Take the text from a file, in UTF-8.", HelpName = "FILE" };
        var command = new Command("put", "Put a text on the computer's clipboard.") { text, from };
        command.Validators.Add(result =>
        {
            if (result.GetValue(text) is null == result.GetValue(from) is null) result.AddError("Give either TEXT or --from FILE.");
        });
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            string content = result.GetValue(text) ?? await ReadAsync(result.GetRequiredValue(from)!, cancellationToken);
            if (!ClipboardText.CanTravel(content)) throw new FormatException($"The clipboard takes a text of 1 to {ClipboardText.MaxBytes} bytes of UTF-8 without U+0000.");
            await using RemoteSession session = await connection.OpenAsync(result, Operations.Clipboard, cancellationToken);
            RefusalReason refusal = await session.Clipboard.SetAsync(content, cancellationToken);
            return refusal == RefusalReason.None ? 0 : throw new AccessRefusedException(refusal, operation: Operations.Clipboard);
        }));
        return command;
    }

    private static Command CreateReading(string name, bool isOne)
    {
        var connection = new Connection();
        var command = new Command(name, isOne ? "Wait for the next text that is copied at the computer, and write it as it is." : "Write each text that is copied at the computer, with a line before it, until Ctrl+C.");
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.Clipboard, cancellationToken);
            Channel<string> copied = Channel.CreateBounded<string>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
            session.Clipboard.TextCopied += (_, text) => copied.Writer.TryWrite(text.Text);
            session.Clipboard.Refused += (_, refusal) => copied.Writer.TryComplete(new AccessRefusedException(refusal.Reason, operation: Operations.Clipboard));
            Task ended = session.Completion.ContinueWith(_ => copied.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await session.Clipboard.ListenAsync(true, cancellationToken);
            await session.PingAsync(cancellationToken);
            await Console.Error.WriteLineAsync("LISTENING");
            await using Stream output = Console.OpenStandardOutput();
            await foreach (string text in copied.Reader.ReadAllAsync(cancellationToken))
            {
                byte[] bytes = Encoding.UTF8.GetBytes(isOne ? text : $"-- {TimeProvider.System.GetLocalNow():HH:mm:ss}, {text.Length} characters\n{text}\n");
                await output.WriteAsync(bytes, cancellationToken);
                await output.FlushAsync(cancellationToken);
                if (isOne) return 0;
            }
            await ended;
            SessionEnd end = await session.Completion;
            throw end.Kind == SessionEndKind.EndedByComputer ? new AccessRefusedException(end.Reason) : new ChannelException(ChannelError.Truncated, end.Text);
        }));
        return command;
    }

    private static async Task<string> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        if (file.Length > ClipboardText.MaxBytes) throw new FormatException($"{file.FullName} is longer than {ClipboardText.MaxBytes} bytes.");
        return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
    }
}
