using System.CommandLine;
using HelpdeskSamples;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// <c>change-code</c>: gives a grant another access code, at the computer. A new grant under the same consent takes the old one's place; the technician needs its file and
/// the new code.
/// </summary>
internal static class ChangeCodeCommand
{
    private static readonly Option<DirectoryInfo> State = StateOption.Create();
    private static readonly Option<string?> Which = new("--grant") { Description = "The grant's id or nickname; may be left out when only one is live.", HelpName = "ID|N" };
    private static readonly Option<DirectoryInfo> Tenant = new("--sign-with") { Description = "The tenant's directory, made by 'remoteaccess-viewer tenant init'.", HelpName = "TENANTDIR", Required = true };
    private static readonly Option<string?> CodeFrom = new("--code-from") { Description = "Take the new access code from a file's first line, or - for standard input, instead of generating one.", HelpName = "FILE|-" };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "Where to write the new grant for the technician. It holds no secret.", HelpName = "GRANTFILE", Required = true };
    private static readonly Option<string> By = StateOption.By("changes it");

    public static Command Create()
    {
        var command = new Command("change-code", "Give a grant another access code. What it allows stays; sessions under it end, and the old code and grant are worth nothing.") { State, Which, Tenant, CodeFrom, Out, By };
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => ChangeAsync(result, cancellationToken)));
        return command;
    }

    private static async Task<int> ChangeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        FileInfo file = arguments.GetRequiredValue(Out);
        if (file.Exists) throw new ArgumentException($"{file.FullName} exists already. Name a new file.");
        string? codeFrom = arguments.GetValue(CodeFrom);
        using TenantIdentity tenant = TenantIdentity.Open(arguments.GetRequiredValue(Tenant).FullName);
        await using TrustFlow trust = StateOption.OpenExisting(arguments.GetRequiredValue(State));
        GrantSummary chosen = GrantChoice.Of(trust.Grants, arguments.GetValue(Which), "change");
        if (chosen.Grant is not { } old) throw new ArgumentException("The grant's files are damaged.");
        // Before a code is read, and a used one spent.
        if (chosen.State is not (GrantState.Live or GrantState.NotYet)) throw new ArgumentException($"The code of {chosen.Nickname} was not changed: {Why(chosen.State)}");
        using AccessCode code = codeFrom is null ? AccessCode.Generate() : NewCode.Read(codeFrom);
        NewCode.Claim(code, arguments.GetRequiredValue(Tenant), trust.HostKey);
        Grant following = tenant.Countersign(trust.DraftCodeChange(old.Id, GrantTerms.Of(old) with { CodeKind = code.Kind }));
        string partial = file.FullName + ".part";
        await File.WriteAllTextAsync(partial, following.ToPem(), cancellationToken);
        try
        {
            using AccessVerifier verifier = code.MakeVerifier(following);
            CodeChangeOutcome outcome = await trust.ChangeCodeAsync(old.Id, following, verifier, arguments.GetRequiredValue(By), cancellationToken);
            if (outcome != CodeChangeOutcome.Changed) throw new ArgumentException($"The code of {chosen.Nickname} was not changed: {outcome}.");
            File.Move(partial, file.FullName);
        }
        finally
        {
            File.Delete(partial);
        }

        Console.WriteLine($"grant {Convert.ToHexStringLower(following.Id.Span)} for {chosen.Nickname}, until {following.NotAfter:u}; it replaces {Convert.ToHexStringLower(old.Id.Span)}");
        Console.WriteLine($"written to {file.FullName}");
        if (codeFrom is null) NewCode.PrintOnce(code);
        return 0;
    }

    private static string Why(GrantState state) => state switch
    {
        GrantState.LockedOut => "it is locked after too many wrong codes. Unlock it first, or wait.",
        GrantState.Revoked => "it is revoked, for ever. A new grant takes a new agreement.",
        GrantState.Expired => "its time is over. A new grant takes a new agreement.",
        _ => $"it is {state}.",
    };
}
