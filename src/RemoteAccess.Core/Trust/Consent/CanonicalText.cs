using System.Text;

namespace RemoteAccess.Trust;

/// <summary>A prompt as the one plain text that is hashed and recorded; its form is stated at <see cref="ConsentPrompt.Text"/>.</summary>
internal static class CanonicalText
{
    public static string Of(ConsentPrompt prompt)
    {
        var text = new StringBuilder();
        foreach (ConsentBlock block in prompt.Blocks)
        {
            if (block.Heading.Length > 0) text.Append(block.Heading).Append(":\n");
            foreach (string line in block.Lines) text.Append(Line(prompt, block.Role, line)).Append('\n');
            text.Append('\n');
        }
        return text.Append('[').Append(prompt.Refuse.Label).Append("] [").Append(prompt.Allow.Label).Append("]\n").ToString();
    }

    public static string Line(ConsentPrompt prompt, ConsentRole role, string line) => role switch
    {
        ConsentRole.List => "- " + line,
        ConsentRole.Quotation => "> " + prompt.Quote(line),
        _ => line,
    };
}
