namespace RemoteAccess.Trust;

/// <summary>What a block of a prompt tells.</summary>
public enum ConsentBlockKind
{
    /// <summary>The question in one sentence.</summary>
    Title,
    /// <summary>The technician's name and organisation.</summary>
    Requester,
    /// <summary>That the technician's identity is verified.</summary>
    Verified,
    /// <summary>That it is not. To be shown as a warning, in red where there are colours.</summary>
    Unverified,
    /// <summary>What the technician calls this computer; in the technician's words.</summary>
    Computer,
    /// <summary>The code of the session.</summary>
    SessionCode,
    /// <summary>What a yes allows, a line for each operation.</summary>
    Allows,
    /// <summary>Until when.</summary>
    Until,
    /// <summary>At which times, a line for each window.</summary>
    Hours,
    /// <summary>Why; in the technician's words.</summary>
    Reason,
    /// <summary>How to end or revoke it.</summary>
    Stop,
    /// <summary>What happens when nobody answers. A renderer with a clock shows <see cref="ConsentPrompt.CountdownText"/> in its place.</summary>
    Countdown,
}

/// <summary>The role of a block or button for assistive technology.</summary>
public enum ConsentRole
{
    /// <summary>The heading of the dialog.</summary>
    Heading,
    /// <summary>Text.</summary>
    Text,
    /// <summary>A list, an item a line.</summary>
    List,
    /// <summary>Words of somebody else; to be set apart from the prompt's own.</summary>
    Quotation,
    /// <summary>A warning; to be read out at once.</summary>
    Alert,
    /// <summary>Time left; not to be read out every second.</summary>
    Timer,
    /// <summary>A button.</summary>
    Button,
}

/// <summary>One block of a prompt. Immutable.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Role">Its role for assistive technology.</param>
/// <param name="Heading">The words above it, which are its accessible name too; empty for none.</param>
/// <param name="Lines">The text, at least one line; quotations come without quotation marks.</param>
public sealed record ConsentBlock(ConsentBlockKind Kind, ConsentRole Role, string Heading, IReadOnlyList<string> Lines);

/// <summary>One of the two answers as a person sees it. Immutable.</summary>
/// <param name="Decision">What it decides.</param>
/// <param name="Role">Always <see cref="ConsentRole.Button"/>.</param>
/// <param name="Label">What is written on it.</param>
/// <param name="AccessibleName">What assistive technology says.</param>
public sealed record ConsentButton(ConsentDecision Decision, ConsentRole Role, string Label, string AccessibleName);
