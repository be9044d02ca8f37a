using System.CommandLine;
using RemoteAccess;

namespace CommandLineViewer;

/// <summary><c>type TEXT</c>, <c>key CHORD</c>, <c>click X Y</c>.</summary>
internal static class InputCommands
{
    public static Command CreateType()
    {
        var text = new Argument<string>("TEXT") { Description = @"Any Unicode text; \n is Return, \t is Tab, \\ is a backslash." };
        return Create(new Command("type", "Type text.") { text },
            (session, result, cancellationToken) => session.Input.TypeAsync(Unescape(result.GetRequiredValue(text)), cancellationToken));
    }

    public static Command CreateKey()
    {
        var chord = new Argument<string>("CHORD") { Description = "Keys pressed together, as in ctrl+alt+t, f5 or shift+tab." };
        return Create(new Command("key", "Press a key or a chord of keys.") { chord },
            (session, result, cancellationToken) => session.Input.PressAsync(result.GetRequiredValue(chord), cancellationToken));
    }

    public static Command CreateClick()
    {
        var x = new Argument<int>("X") { Description = "Column in pixels of the whole desktop, or of the monitor." };
        var y = new Argument<int>("Y") { Description = "Row in pixels of the whole desktop, or of the monitor." };
        Option<string?> monitor = MonitorChoice.Create();
        return Create(new Command("click", "Click the left mouse button.") { x, y, monitor }, async (session, result, cancellationToken) =>
        {
            (int column, int row) = (result.GetRequiredValue(x), result.GetRequiredValue(y));
            if (result.GetValue(monitor) is { } which)
            {
                PixelRect area = (await MonitorChoice.FindAsync(session, which, cancellationToken)).Area;
                if (column < 0 || row < 0 || column >= area.Width || row >= area.Height) throw new ArgumentException($"The monitor has {area.Width}x{area.Height} pixels; {column} {row} is not on it.");
                (column, row) = (column + area.X, row + area.Y);
            }
            await session.Input.ClickAsync(column, row, cancellationToken: cancellationToken);
        }, result => result.GetValue(monitor) is null ? Operations.ControlInput : Operations.ControlInput | Operations.ViewScreen);
    }

    private static Command Create(Command command, Func<RemoteSession, ParseResult, CancellationToken, ValueTask> act, Func<ParseResult, Operations>? needs = null)
    {
        var connection = new Connection();
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, needs?.Invoke(result) ?? Operations.ControlInput, cancellationToken);
            await act(session, result, cancellationToken);
            await session.PingAsync(cancellationToken);
            if (session.Input.Refused is { } refusal) throw refusal;
            return 0;
        }));
        return command;
    }

    private static string Unescape(string text) =>
        text.Replace(@"\\", "\u0001", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal)
            .Replace(@"\t", "\t", StringComparison.Ordinal).Replace("\u0001", @"\", StringComparison.Ordinal);
}
