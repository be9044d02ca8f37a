using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>Why something that a surface asked for was not done. Each has a sentence in every language, <c>error.NAME</c> of the texts.</summary>
internal enum SurfaceProblem
{
    UnknownAction,
    NoGrant,
    NoSuchGrant,
    MomentPast,
    SessionOver,
    NotGranted,
    OfGrant,
    NoFolder,
    NoChat,
    TextTooLong,
    TextUnreadable,
    NotSent,
    NoPeriod,
    NoSession,
    ReportTooLong,
    NoSuchPage,
    NoPasswords,
    NoPasswordGrant,
    NobodyThere,
    OtherQuestion,
    NotTyped,
    NoWindow,
    WindowClosed,
    WrongPassword,
    NotForThisGrant,
    NotSealed,
    NoPassword,
    PasswordRecord,

    /// <summary>From here on it is the surface's own process that says so.</summary>
    Unreachable,
    NotAccepted,
    Gone,
    NotUnderstood,
}

/// <summary>
/// A refusal as a line has it: <c>error</c> is a whole sentence in English, and <c>why</c> and <c>about</c> are that from which the surface's process makes it in the person's language.
/// </summary>
internal static class SurfaceRefusal
{
    public static void Write(JsonObject answer, SurfaceException refused)
    {
        answer["error"] = refused.Message;
        if (refused.Problem is not { } problem) return;
        answer["why"] = problem.ToString();
        answer["about"] = refused.About;
    }

    /// <param name="answer">What is answered.</param>
    /// <param name="failure">What is wrong with the state.</param>
    /// <param name="isDone">It was done all the same, and only not recorded.</param>
    public static void Write(JsonObject answer, StateException failure, bool isDone)
    {
        answer["error"] = isDone ? NoticeWords.English.Texts.Fill("error.done", failure.Message) : failure.Message;
        answer["why"] = StateKey(failure.Error);
        answer["about"] = failure.Path;
        answer["isDone"] = isDone;
    }

    /// <summary>What is wrong with the state, as <c>why</c>.</summary>
    public static string StateKey(StateError error) => $"State.{error}";
}
