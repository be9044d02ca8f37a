using HelpdeskSamples;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>The access code for a grant that is being made: read or generated, taken for this computer, shown once.</summary>
internal static class NewCode
{
    /// <summary>Takes the code for this computer, for good.</summary>
    /// <exception cref="ArgumentException">Another computer has it.</exception>
    public static void Claim(AccessCode code, DirectoryInfo tenant, TrustFlow trust)
    {
        if (!UsedCodes.Open(tenant.FullName).TryClaim(code, trust.HostKey.Span))
            throw new ArgumentException("Another computer has this access code. Choose one for each computer, or leave out --code-from to have one generated.");
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
