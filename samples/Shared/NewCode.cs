using RemoteAccess.Trust;

namespace HelpdeskSamples;

/// <summary>The access code for a grant that is being made: read or generated, taken for this computer, shown once.</summary>
internal static class NewCode
{
    /// <summary>Takes the code for the computer, for good; before the grant is countersigned.</summary>
    /// <param name="code">Chosen or generated.</param>
    /// <param name="tenant">The tenant's directory.</param>
    /// <param name="hostKey">The computer's key.</param>
    /// <param name="advice">What to do when another computer has it, a sentence.</param>
    /// <exception cref="ArgumentException">Another computer has it.</exception>
    public static void Claim(AccessCode code, DirectoryInfo tenant, ReadOnlyMemory<byte> hostKey, string advice = "Choose one for each computer, or leave out --code-from to have one generated.")
    {
        if (!UsedCodes.Open(tenant.FullName).TryClaim(code, hostKey.Span)) throw new ArgumentException($"Another computer has this access code. {advice}");
    }

    public static void PrintOnce(AccessCode code)
    {
        char[] display = new char[AccessCode.DisplayLength];
        code.WriteDisplay(display);
        Console.Error.WriteLine("The access code, shown this once; the computer does not keep it:");
        Console.WriteLine(display);
        Array.Clear(display);
    }

    public static AccessCode Read(string source)
    {
        string line = (source == "-" ? CodePrompt.Read() : File.ReadLines(source).FirstOrDefault()) ?? "";
        AccessCodeStrength strength = AccessCode.MeasureStrength(line);
        AccessCode.TryRead(line, AccessCodeKind.FreeText, out AccessCode? code);
        if (code is null)
            throw new ArgumentException($"The access code is not acceptable. {strength.Sentence} Use 12 to 128 bytes that are hard to guess, or leave out --code-from to have one generated.");
        Console.Error.WriteLine($"The access code: {strength.Sentence}");
        return code;
    }
}
