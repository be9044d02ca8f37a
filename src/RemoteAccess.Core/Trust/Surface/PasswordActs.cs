using System.Globalization;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>What a surface asks for about stored passwords. The password itself is typed into the agent's own window and never comes from a surface. Thread-safe.</summary>
internal sealed class PasswordActs(TrustFlow trust, TrustOptions options)
{
    /// <summary>While the window is open no technician has keyboard and mouse and nobody can be asked for consent, so it does not stay for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <exception cref="SurfaceException">One of them cannot be read: which file, and what to do.</exception>
    public JsonArray List(string? grantId)
    {
        IReadOnlyList<StoredCredential> list = trust.StoredCredentials.List(Id(grantId), out StateException? unreadable);
        return unreadable is null ? Describe(list) : throw new SurfaceException(SurfaceProblem.PasswordRecord, unreadable.Path, unreadable);
    }

    public static JsonArray Describe(IReadOnlyList<StoredCredential> list) => new([.. list.Select(static stored => new JsonObject { ["user"] = stored.User, ["state"] = stored.State.ToString() })]);

    /// <summary>The list as <see cref="Describe"/> wrote it.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static IReadOnlyList<StoredCredential> Read(JsonNode? list) => list is not JsonArray entries
        ? throw new InvalidDataException("No list of passwords.")
        : [.. entries.Select(static entry => entry is JsonObject stored && JsonMembers.Text(stored, "user") is { Length: > 0 } user && Enum.TryParse(JsonMembers.Text(stored, "state"), out StoredCredentialState state)
            ? new StoredCredential(user, state)
            : throw new InvalidDataException("An entry is no stored password."))];

    /// <summary>Has the window shown, and returns when the password is stored.</summary>
    /// <exception cref="SurfaceException">It was not, and why.</exception>
    public async Task StoreAsync(SurfaceAction.StorePassword asked, CancellationToken cancellationToken)
    {
        if (!trust.StoredCredentials.CanAsk || options is not { Filling.Prompt: { } prompt, Presence.Desk: { } desk }) throw new SurfaceException(SurfaceProblem.NoPasswords);
        byte[] id = Id(asked.GrantId);
        if (!trust.StoredCredentials.CanHave(id) || trust.Grants.FirstOrDefault(grant => grant.Id.Span.SequenceEqual(id)) is not { } grant)
            throw new SurfaceException(SurfaceProblem.NoPasswordGrant);
        string user = prompt.User ?? throw new SurfaceException(SurfaceProblem.NobodyThere);
        EnrolmentQuestion question = new() { User = user, Nickname = grant.Nickname, IsAgain = trust.StoredCredentials.List(id, out _).Any(stored => stored.User == user && stored.State == StoredCredentialState.Stale), Culture = Culture(asked.Language) };
        using CancellationTokenSource limit = new(Patience, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        CredentialEnrolment? outcome = null;
        try
        {
            if (!await desk.ShowAsync(async () => outcome = await prompt.AskAsync(question, (password, token) => trust.StoredCredentials.StoreAsync(id, user, password, token), either.Token).ConfigureAwait(false)).ConfigureAwait(false))
                throw new SurfaceException(SurfaceProblem.OtherQuestion);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SurfaceException(SurfaceProblem.NotTyped);
        }
        catch (DesktopException failure)
        {
            throw new SurfaceException(SurfaceProblem.NoWindow, failure.Message, failure);
        }
        if (outcome != CredentialEnrolment.Stored) throw new SurfaceException(Explain(outcome));
    }

    /// <exception cref="SurfaceException">There was none.</exception>
    public async Task ForgetAsync(SurfaceAction.ForgetPassword asked, string by, CancellationToken cancellationToken)
    {
        if (!await trust.StoredCredentials.ForgetAsync(Id(asked.GrantId), asked.User, by, cancellationToken).ConfigureAwait(false)) throw new SurfaceException(SurfaceProblem.NoPassword);
    }

    private static SurfaceProblem Explain(CredentialEnrolment? outcome) => outcome switch
    {
        null => SurfaceProblem.WindowClosed,
        CredentialEnrolment.WrongCredentials => SurfaceProblem.WrongPassword,
        CredentialEnrolment.NotForThisGrant => SurfaceProblem.NotForThisGrant,
        _ => SurfaceProblem.NotSealed,
    };

    private static byte[] Id(string? grantId) => grantId is not null && SurfaceActions.IsId(grantId) ? Convert.FromHexString(grantId) : throw new SurfaceException(SurfaceProblem.UnknownAction);

    private static CultureInfo Culture(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language);
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }
}
