namespace RemoteAccess.Tests.Packaging;

/// <summary>Two texts, line by line: what only the first has with a minus, what only the second has with a plus, in their order.</summary>
internal static class LineDifference
{
    public static string Between(string before, string after)
    {
        string[] old = before.Split('\n'), now = after.Split('\n');
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j < now.Length && (i == old.Length || common[i, j + 1] >= common[i + 1, j]))
            {
                lines.Add("+ " + now[j++]);
            }
            else
            {
                lines.Add("- " + old[i++]);
            }
        }

        return string.Join('\n', lines);
    }
}
