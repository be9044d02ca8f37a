using System.CommandLine;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// <c>grant</c>: the customer has agreed on site; records who and in which words, signs on the computer's behalf, has the tenant
/// countersign, and prints the access code once.
/// </summary>
internal static class GrantCommand
{
    private static readonly Option<DirectoryInfo> State = StateOption.Create();
    private static readonly Option<bool> OnSite = new("--on-site") { Description = "Says that you stand at the computer with the customer's agreement; the only way this command makes grants.", Required = true };
    private static readonly Option<DirectoryInfo> Tenant = new("--sign-with") { Description = "The tenant's directory, made by 'remoteaccess-viewer tenant init'.", HelpName = "TENANTDIR", Required = true };
    private static readonly Option<string> ConsentedBy = new("--consented-by") { Description = "The person who agreed; recorded.", HelpName = "NAME", Required = true };
    private static readonly Option<string> Statement = new("--statement") { Description = "The exact words that were read out or signed; recorded.", HelpName = "TEXT", Required = true };
    private static readonly Option<bool> Written = new("--written") { Description = "The customer agreed in writing. Default: by word of mouth." };
    private static readonly Option<string> Nickname = new("--nickname") { Description = "What technicians call this computer, as in Company:Department:User.", HelpName = "N", Required = true };
    private static readonly Option<Operations?> Allowed = new("--operations")
    {
        Description = $"What sessions may do: {OperationNames.Choices}. Default: view,control.",
        HelpName = "LIST",
        CustomParser = OperationNames.Read,
    };

    private static readonly Option<int> Days = new("--days") { Description = "For how many days, 1 to 3650.", HelpName = "N", DefaultValueFactory = _ => 30 };
    private static readonly Option<bool> Credentials = new("--credentials") { Description = "The technician must also give credentials of one of this computer's accounts before anything else. Default: not." };
    private static readonly Option<string?> CodeFrom = new("--code-from") { Description = "Take the access code from a file's first line, or - for standard input, instead of generating one.", HelpName = "FILE|-" };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "Where to write the grant for the technician. It holds no secret.", HelpName = "GRANTFILE", Required = true };

    public static Command Create()
    {
        var command = new Command("grant", "Record the customer's agreement to unattended access and make the grant.")
        {
            State, OnSite, Tenant, ConsentedBy, Statement, Written, Nickname, Allowed, Days, Credentials, CodeFrom, Out,
        };
        RuleOptions.AddTo(command);
        // An option without a value counts as given even when it is not, whatever Required says.
        command.Validators.Add(result =>
        {
            if (!result.GetValue(OnSite)) result.AddError("Grants are made on site only. Say --on-site when you stand at the computer with the customer's agreement.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => GrantAsync(result, cancellationToken)));
        return command;
    }

    private static async Task<int> GrantAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetRequiredValue(Days) is < 1 or > 3650) throw new ArgumentException("--days must be 1 to 3650.");
        FileInfo file = arguments.GetRequiredValue(Out);
        if (file.Exists) throw new ArgumentException($"{file.FullName} exists already. Name a new file.");
        string? codeFrom = arguments.GetValue(CodeFrom);
        using AccessCode code = codeFrom is null ? AccessCode.Generate() : NewCode.Read(codeFrom);
        var consent = new OnSiteConsent
        {
            Statement = arguments.GetRequiredValue(Statement),
            ConsentedBy = arguments.GetRequiredValue(ConsentedBy),
            Method = arguments.GetValue(Written) ? ConsentMethod.OnSiteWritten : ConsentMethod.OnSiteVerbal,
        };
        var terms = new GrantTerms
        {
            Operations = arguments.GetValue(Allowed) ?? Operations.ViewScreen | Operations.ControlInput,
            NotAfter = TimeProvider.System.GetUtcNow().AddDays(arguments.GetRequiredValue(Days)),
            CodeKind = code.Kind,
            Policy = RuleOptions.Read(arguments) with { CredentialsRequired = arguments.GetValue(Credentials) },
        };

        using TenantIdentity tenant = TenantIdentity.Open(arguments.GetRequiredValue(Tenant).FullName);
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = arguments.GetRequiredValue(State).FullName });
        NewCode.Claim(code, arguments.GetRequiredValue(Tenant), trust.HostKey);
        Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(terms, consent, tenant.PublicKey.Span));
        string partial = file.FullName + ".part";
        await File.WriteAllTextAsync(partial, grant.ToPem(), cancellationToken);
        try
        {
            using AccessVerifier verifier = code.MakeVerifier(grant);
            InstallOutcome outcome = await trust.InstallAsync(grant, verifier, arguments.GetRequiredValue(Nickname), consent, cancellationToken);
            if (outcome != InstallOutcome.Installed) throw new ArgumentException($"The grant was not installed: {outcome}.");
            File.Move(partial, file.FullName);
        }
        finally
        {
            File.Delete(partial);
        }

        Console.WriteLine($"grant {Convert.ToHexStringLower(grant.Id.Span)} for {arguments.GetRequiredValue(Nickname)}, until {grant.NotAfter:u}");
        Console.WriteLine($"written to {file.FullName}");
        if (codeFrom is null) NewCode.PrintOnce(code);
        return 0;
    }
}
