namespace RemoteAccess.Picture;

/// <summary>What a tile's coded blocks of one component tell about the next one: the lowest frequency of the left and upper neighbour, and how many others differ from 0.</summary>
internal sealed class LossyContext
{
    private const int Pitch = 9;
    private const sbyte Absent = -1;

    /// <summary>Without a neighbour, as if both had five.</summary>
    private const int ActivityUnknown = 10;

    /// <summary>By the activity of both neighbours, 0 to 126: table of the lowest frequency, and of the first band of the others.</summary>
    private static readonly byte[] LowestTable = Classes(0, 2, 5, 10, 18);

    private static readonly byte[] OthersTable = Classes(0, 3, 8, 16);

    /// <summary>By place in the scan: the band of what follows it.</summary>
    private static readonly byte[] Bands = Classes(0, 3, 10);

    private readonly int[] lowest = new int[Pitch * Pitch];
    private readonly sbyte[] others = new sbyte[Pitch * Pitch];

    public static ReadOnlySpan<byte> BandOf => Bands;

    public void Reset() => others.AsSpan().Fill(Absent);

    /// <summary>What the lowest frequency is predicted to be, and the tables of the block at a column and row of blocks.</summary>
    public void At(int column, int row, bool chroma, out int prediction, out int lowestTable, out int othersTable)
    {
        int at = (row + 1) * Pitch + column + 1;
        (int left, int upper) = (others[at - 1], others[at - Pitch]);
        int activity;
        if (left >= 0 && upper >= 0) (prediction, activity) = ((lowest[at - 1] + lowest[at - Pitch]) >> 1, left + upper);
        else if (left >= 0) (prediction, activity) = (lowest[at - 1], left * 2);
        else if (upper >= 0) (prediction, activity) = (lowest[at - Pitch], upper * 2);
        else (prediction, activity) = (0, ActivityUnknown);
        lowestTable = (chroma ? LossyCodeLists.LowestTables : 0) + LowestTable[activity];
        othersTable = 2 * LossyCodeLists.LowestTables + ((chroma ? LossyCodeLists.Activities : 0) + OthersTable[activity]) * LossyCodeLists.BandCount;
    }

    public void Set(int column, int row, int lowestLevel, int othersCount)
    {
        int at = (row + 1) * Pitch + column + 1;
        (lowest[at], others[at]) = (lowestLevel, (sbyte)othersCount);
    }

    /// <summary>How many of the limits are below each value from 0 to 126.</summary>
    private static byte[] Classes(params ReadOnlySpan<int> limits)
    {
        byte[] classes = new byte[127];
        for (int value = 0; value < classes.Length; value++)
            foreach (int limit in limits)
                if (value > limit) classes[value]++;
        return classes;
    }
}
