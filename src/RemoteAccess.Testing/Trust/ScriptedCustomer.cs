namespace RemoteAccess.Trust;

/// <summary>
/// A person who is not there, for tests and demonstrations: says yes or no to a consent text, always the same. What is recorded says that
/// nobody was asked. It exists in the testing package only; a product asks a person. Immutable.
/// </summary>
public sealed record ScriptedCustomer
{
    /// <summary>The part's name, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The answer; there is no default.</summary>
    public required bool Consents { get; init; }

    /// <summary>How the part is played: <see cref="ConsentMethod.OnSiteVerbal"/> (default) or <see cref="ConsentMethod.OnSiteWritten"/>.</summary>
    public ConsentMethod Method { get; init; } = ConsentMethod.OnSiteVerbal;

    /// <summary>The name to record with the consent. It says that this is nobody, so that a grant made with it can be told from a real one.</summary>
    public string ConsentedBy => $"{Name} (scripted, not a person)";

    /// <summary>Reads a consent text and answers.</summary>
    /// <param name="text">The exact words that are agreed to.</param>
    /// <returns>Whether the customer agrees.</returns>
    /// <exception cref="ArgumentException">The text is blank: nobody can agree to nothing.</exception>
    /// <exception cref="InvalidOperationException">Name or method is not one that a person on site can have.</exception>
    public bool Answer(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        if (Name is not { Length: >= 1 and <= 100 }) throw new InvalidOperationException($"{nameof(Name)} has 1 to 100 characters.");
        if (Method is not (ConsentMethod.OnSiteVerbal or ConsentMethod.OnSiteWritten))
            throw new InvalidOperationException($"{nameof(Method)} {Method} is not how a person on site consents.");
        return Consents;
    }
}
