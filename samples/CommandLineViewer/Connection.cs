using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary>The options that every connecting command shares, and the connecting itself.</summary>
internal sealed class Connection
{
    private readonly Option<FileInfo> grant = new("--grant") { Description = "The grant, as the agent wrote it.", HelpName = "GRANTFILE", Required = true };
    private readonly Option<DirectoryInfo> tenant = new("--sign-with") { Description = "The tenant's directory, made by 'tenant init'.", HelpName = "TENANTDIR", Required = true };
    private readonly Option<string> code = new("--code-from") { Description = "File with the access code, or - for standard input.", HelpName = "FILE|-", Required = true };
    private readonly Option<IPEndPoint> endPoint = new("--connect") { Description = "Where the agent listens.", HelpName = "IP:PORT", Required = true, CustomParser = ParseEndPoint };
    private readonly Option<string> reason = new("--reason") { Description = "Why, for the customer's history (≤ 512 bytes).", HelpName = "TEXT", DefaultValueFactory = _ => "" };

    private readonly Option<string?> credentialsUser = new("--credentials-user") { Description = "An account of the computer, where the grant wants credentials of one.", HelpName = "NAME" };
    private readonly Option<string?> credentialsFrom = new("--credentials-from") { Description = "File with that account's password, or - for standard input (behind the access code, if that comes from there too). Default: asked for.", HelpName = "FILE|-" };

    private readonly Option<string> technician = new("--technician") { Description = "The technician's name as customers read it in their history.", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };

    private readonly Option<FileInfo?> resume = new("--resume") { Description = "File with the resume token of a session that ended in the last 15 minutes, as restart --token-out wrote it. It is good once.", HelpName = "FILE" };

    private readonly Option<DirectoryInfo?> witness = new("--witness") { Description = "Directory of this technician's witness store: computers' ledgers are watched, receipts kept.", HelpName = "DIR" };
    private readonly Option<string?> notes = new("--notes") { Description = "Notes for the customer's history, recorded when the session begins (≤ 4096 bytes).", HelpName = "TEXT" };

    // One process connects once; key and store must outlive the session, which is its command's.
    private static TenantIdentity? identity;
    private static WitnessStore? store;

    /// <summary>Lets go of what the session needed, once its command is over.</summary>
    public static async Task CloseAsync()
    {
        if (store is not null) await store.DisposeAsync();
        identity?.Dispose();
    }

    public void AddTo(Command command)
    {
        technician.Validators.Add(given =>
        {
            string name = given.GetValueOrDefault<string>() ?? "";
            if (name.Length == 0 || name.Any(char.IsControl)) given.AddError("--technician must be a name: not empty, on one line.");
        });
        foreach (Option option in (Option[])[grant, tenant, technician, code, endPoint, reason, credentialsUser, credentialsFrom, resume, witness, notes]) command.Options.Add(option);
    }

    /// <summary>Whether the computer's ledger is to be watched.</summary>
    public bool IsWitness(ParseResult result) => result.GetValue(witness) is not null;

    /// <summary>Connects for just the operations the command needs.</summary>
    public async Task<RemoteSession> OpenAsync(ParseResult result, Operations operations, CancellationToken cancellationToken)
    {
        Grant opened = await OpenGrantAsync(result, cancellationToken);
        using AccessCode secret = ReadCode(result.GetRequiredValue(code), opened.CodeKind);
        RemoteAccessViewer viewer = OpenViewer(result);
        ConnectOptions options = Options(result, operations, result.GetValue(resume) is { } kept ? ReadToken(kept) : default);
        return await BeginAsync(result, opened, await viewer.ConnectAsync(result.GetRequiredValue(endPoint), opened, secret, options, cancellationToken), cancellationToken);
    }

    /// <summary>Connects again to a computer that restarts, for as long as the patience lasts. A code from standard input is asked for again.</summary>
    public async Task<RemoteSession> ReopenAsync(ParseResult result, Operations operations, ReadOnlyMemory<byte> token, TimeSpan patience, CancellationToken cancellationToken)
    {
        Grant opened = await OpenGrantAsync(result, cancellationToken);
        AccessSecret stretched;
        using (AccessCode secret = ReadCode(result.GetRequiredValue(code), opened.CodeKind)) stretched = secret.MakeSecret(opened);
        using (stretched)
        {
            IPEndPoint computer = result.GetRequiredValue(endPoint);
            RemoteSession session = await OpenViewer(result).ReconnectAsync(async limit => await TcpLink.ConnectAsync(computer, limit), opened, stretched, Options(result, operations, token), patience, cancellationToken);
            return await BeginAsync(result, opened, session, cancellationToken);
        }
    }

    private async Task<Grant> OpenGrantAsync(ParseResult result, CancellationToken cancellationToken)
    {
        FileInfo file = result.GetRequiredValue(grant);
        return Grant.TryReadPem(await File.ReadAllTextAsync(file.FullName, cancellationToken), out Grant? opened) ? opened
            : throw new FormatException($"{file.FullName} is not a grant, or was altered: its signatures do not verify.");
    }

    private RemoteAccessViewer OpenViewer(ParseResult result)
    {
        identity ??= OpenTenant(result);
        if (result.GetValue(witness) is { } directory) store ??= WitnessStore.Open(directory.FullName, identity.TechnicianKey);
        return new RemoteAccessViewer(identity.TechnicianKey, identity.IssueCertificate(result.GetRequiredValue(technician), Operations.All, TimeProvider.System.GetUtcNow()));
    }

    private ConnectOptions Options(ParseResult result, Operations operations, ReadOnlyMemory<byte> token) =>
        new() { Operations = operations, Reason = result.GetRequiredValue(reason), Witness = store, ResumeToken = token };

    /// <summary>Where notes of computers are kept beside the grants; that they cannot be is no reason not to work.</summary>
    private void NoteConnected(ParseResult result, Grant opened)
    {
        ComputerNotes computers = ComputerNotes.Of(result.GetRequiredValue(grant).DirectoryName ?? ".");
        if (!computers.Exist) return;
        try
        {
            computers.Connected(opened, Address(result));
        }
        catch (StateException error)
        {
            Console.Error.WriteLine($"remoteaccess-viewer: not noted: {error.Message}");
        }
    }

    private static byte[] ReadToken(FileInfo file)
    {
        string text = (File.ReadLines(file.FullName).FirstOrDefault() ?? "").Trim();
        return text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : throw new FormatException($"{file.FullName} holds no resume token.");
    }

    private async Task<RemoteSession> BeginAsync(ParseResult result, Grant opened, RemoteSession session, CancellationToken cancellationToken)
    {
        try
        {
            session.LedgerWitnessChanged += (_, _) => Warn(session.LedgerWitness);
            if (store is not null) Warn(session.LedgerWitness);
            if (session.NeedsCredentials) await GiveCredentialsAsync(session, result.GetValue(credentialsUser), result.GetValue(credentialsFrom), cancellationToken);
            NoteConnected(result, opened);
            if (result.GetValue(notes) is { } text) await session.SendNotesAsync(text, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static void Warn(LedgerWitness found)
    {
        if (found.IsAlarm) Console.Error.WriteLine($"remoteaccess-viewer: WARNING, the computer's record: {found.Text}");
    }

    /// <summary>A person may try again while the computer allows it; a file says the same each time.</summary>
    private static async Task GiveCredentialsAsync(RemoteSession session, string? user, string? from, CancellationToken cancellationToken)
    {
        if (user is null) throw new FormatException("The computer wants credentials of one of its accounts first. Name it with --credentials-user; the password is asked for.");
        bool isPerson = from is null or "-" && !Console.IsInputRedirected;
        while (true)
        {
            string password = (from is null or "-" ? CodePrompt.Read($"Password of {user} on {session.ComputerName}") : File.ReadLines(from).FirstOrDefault()) ?? "";
            CredentialsOutcome outcome = await session.GiveCredentialsAsync(user, password.AsMemory(), cancellationToken);
            if (outcome.IsAccepted) return;
            if (!isPerson || outcome.RetryAfter > TimeSpan.Zero) throw new AccessRefusedException(RefusalReason.CredentialsWrong, outcome.RetryAfter);
            Console.Error.WriteLine($"Not accepted. Tries left: {outcome.TriesLeft}.");
        }
    }

    /// <summary>Where the agent listens.</summary>
    public string Address(ParseResult result) => result.GetRequiredValue(endPoint).ToString();

    /// <summary>The provider's keys; the caller disposes them.</summary>
    public TenantIdentity OpenTenant(ParseResult result) => TenantIdentity.Open(TenantDirectory(result).FullName);

    /// <summary>Where the provider's keys are, and which codes are used.</summary>
    public DirectoryInfo TenantDirectory(ParseResult result) => result.GetRequiredValue(tenant);

    private static AccessCode ReadCode(string source, AccessCodeKind kind)
    {
        string? line = source == "-" ? CodePrompt.Read() : File.ReadLines(source).FirstOrDefault();
        AccessCodeProblem problem = AccessCode.TryRead(line ?? "", kind, out AccessCode? code);
        return code ?? throw new FormatException($"That cannot be the access code: {problem}.");
    }

    private static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (IPEndPoint.TryParse(text, out IPEndPoint? parsed) && parsed.Port != 0) return parsed;
        result.AddError($"'{text}' is not IP:PORT, as in 192.0.2.7:7700 or [2001:db8::7]:7700.");
        return null;
    }
}
