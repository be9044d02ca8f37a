using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>The limits of what is told about a computer. Pure.</summary>
internal static class SystemInfoText
{
    public const int MaxBytes = 128, MaxDisks = 24, MaxNetworks = 24, MaxAddresses = 6, MaxUsers = 16;

    /// <summary>The answer fits into a control message, whatever its parts are.</summary>
    public const int MaxAnswer = 15 * 1024;

    /// <summary>One line of plain text: what does not belong there is left out, what is too long is cut.</summary>
    public static string Plain(string? text)
    {
        var kept = new System.Text.StringBuilder();
        int bytes = 0;
        foreach (System.Text.Rune rune in (text ?? "").Trim().EnumerateRunes())
        {
            string one = rune.ToString();
            if (!Trust.PlainText.IsAcceptable(one, MaxBytes)) continue;
            if ((bytes += rune.Utf8SequenceLength) > MaxBytes) break;
            kept.Append(one);
        }
        return kept.ToString();
    }

    /// <summary>Drops what is last until all fits.</summary>
    public static void Shorten(SystemInfoAnswer answer)
    {
        while (answer.CalculateSize() > MaxAnswer && answer.Networks.Count + answer.Disks.Count > 0)
        {
            if (answer.Networks.Count >= answer.Disks.Count) answer.Networks.RemoveAt(answer.Networks.Count - 1);
            else answer.Disks.RemoveAt(answer.Disks.Count - 1);
        }
    }

    /// <summary>What came from a computer is within the limits.</summary>
    public static bool IsSound(SystemInfoAnswer answer)
    {
        if (answer.Disks.Count > MaxDisks || answer.Networks.Count > MaxNetworks || answer.Users.Count > MaxUsers || answer.Networks.Any(network => network.Addresses.Count > MaxAddresses)) return false;
        if (answer.MemoryBytes > long.MaxValue || answer.MemoryAvailableBytes > long.MaxValue || answer.Processors > int.MaxValue || Math.Abs((long)answer.UtcOffsetMinutes) > 24 * 60) return false;
        if (answer.Disks.Any(disk => disk.TotalBytes > long.MaxValue || disk.FreeBytes > long.MaxValue)) return false;
        // The years 1970 to 9999.
        if (answer.BootedUnixMs is < 0 or > 253_402_300_799_999) return false;
        IEnumerable<string> texts =
        [
            answer.ComputerName, answer.System, answer.Kernel, answer.Architecture, answer.Processor, answer.TimeZone, answer.AgentVersion, .. answer.Users,
            .. answer.Disks.SelectMany(disk => (string[])[disk.Name, disk.Format]), .. answer.Networks.SelectMany(network => network.Addresses.Prepend(network.Name)),
        ];
        return texts.All(text => Trust.PlainText.IsAcceptable(text, MaxBytes));
    }
}
