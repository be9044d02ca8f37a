using System.Text;

namespace RemoteAccess.Trust;

/// <summary>A prompt as lines on a terminal. Texts of others hold no control characters, so none of them can write elsewhere.</summary>
internal static class TerminalText
{
    private const string Bold = "\u001b[1m", WhiteOnRed = "\u001b[1;97;41m", Plain = "\u001b[0m";

    public static string Of(ConsentPrompt prompt, bool hasColour)
    {
        var text = new StringBuilder("\n");
        foreach (ConsentBlock block in prompt.Blocks)
        {
            if (block.Kind == ConsentBlockKind.Countdown) continue;
            string indent = block.Kind is ConsentBlockKind.Title ? "" : "  ";
            if (block.Heading.Length > 0) text.Append(Styled(Bold, block.Heading + ":", hasColour)).Append('\n');
            foreach (string line in block.Lines)
            {
                string style = block.Kind switch { ConsentBlockKind.Title => Bold, ConsentBlockKind.Unverified => WhiteOnRed, _ => "" };
                text.Append(indent).Append(Styled(style, CanonicalText.Line(prompt, block.Role, line), hasColour)).Append('\n');
            }
            if (block.Kind != ConsentBlockKind.Requester) text.Append('\n');
        }
        return text.Append(prompt.Texts.Fill("terminal.ask", $"[{prompt.Texts["terminal.word"]}]")).Append('\n').ToString();
    }

    private static string Styled(string style, string text, bool hasColour) => hasColour && style.Length > 0 ? style + text + Plain : text;
}
