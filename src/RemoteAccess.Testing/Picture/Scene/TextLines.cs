using System.Runtime.InteropServices;
using System.Text;

namespace RemoteAccess.Picture;

/// <summary>A text broken into lines of a given width, at spaces where there are any.</summary>
internal sealed class TextLines
{
    private const int TabWidth = 32;

    private readonly List<Rune> text = [];
    private readonly List<int> starts = [0];
    private int width = int.MaxValue;

    public int Count => starts.Count;

    public int Length => text.Count;

    /// <summary>Index of a line's first character.</summary>
    public int Start(int line) => starts[line];

    /// <summary>Index after a line's last character; a line end is not counted among the line's characters.</summary>
    public int End(int line)
    {
        if (line == starts.Count - 1) return text.Count;
        int end = starts[line + 1];
        return text[end - 1] == new Rune('\n') ? end - 1 : end;
    }

    public ReadOnlySpan<Rune> this[int line] => CollectionsMarshal.AsSpan(text)[Start(line)..End(line)];

    public int LineOf(int index)
    {
        int found = starts.BinarySearch(index);
        return found >= 0 ? found : ~found - 1;
    }

    public void Rewrap(int newWidth)
    {
        width = newWidth;
        Wrap(0);
    }

    /// <summary>Inserts a character and returns the first line that may have changed.</summary>
    public int Insert(int index, Rune character)
    {
        text.Insert(index, character);
        return Wrap(index);
    }

    /// <summary>Removes a character and returns the first line that may have changed.</summary>
    public int RemoveAt(int index)
    {
        text.RemoveAt(index);
        return Wrap(index);
    }

    /// <summary>Columns from a line's start to a character.</summary>
    public int ColumnOf(int line, int index)
    {
        int x = 0;
        foreach (Rune character in CollectionsMarshal.AsSpan(text)[Start(line)..Math.Min(index, End(line))]) x = After(x, character);
        return x;
    }

    /// <summary>The gap between characters that is nearest to a column of a line.</summary>
    public int IndexAt(int line, int column)
    {
        int x = 0, index = Start(line);
        foreach (Rune character in this[line])
        {
            int next = After(x, character);
            if (column < (x + next) / 2) return index;
            x = next;
            index++;
        }

        // The gap at a soft break belongs to the next line.
        return line < Count - 1 && index == starts[line + 1] ? index - 1 : index;
    }

    /// <summary>Where the next character begins.</summary>
    public static int After(int x, Rune character) =>
        character.Value == '\t' ? (x / TabWidth + 1) * TabWidth : x + BitmapFont.Advance(character);

    public override string ToString()
    {
        var result = new StringBuilder(text.Count);
        foreach (Rune character in text) result.Append(character);
        return result.ToString();
    }

    // A shorter word may fit into the line before, so wrapping begins one line earlier.
    private int Wrap(int index)
    {
        int line = Math.Max(0, LineOf(index) - 1);
        starts.RemoveRange(line + 1, starts.Count - line - 1);
        int start = starts[line];
        while ((start = NextStart(start)) >= 0) starts.Add(start);
        return line;
    }

    private int NextStart(int start)
    {
        int x = 0, afterSpace = -1;
        for (int i = start; i < text.Count; i++)
        {
            Rune character = text[i];
            if (character.Value == '\n') return i + 1;
            x = After(x, character);
            if (character.Value == ' ') afterSpace = i + 1;
            else if (x > width && i > start) return afterSpace > start ? afterSpace : i;
        }

        return -1;
    }
}
