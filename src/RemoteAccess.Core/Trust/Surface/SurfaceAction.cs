namespace RemoteAccess.Trust;

/// <summary>One thing that the customer can do from the surface. A closed set. Immutable.</summary>
public abstract record SurfaceAction
{
    private SurfaceAction()
    {
    }

    /// <summary>Every running session ends.</summary>
    public sealed record StopSessions : SurfaceAction;

    /// <summary>Nobody gets in until then; null is until it is unblocked. Running sessions end.</summary>
    public sealed record Block(DateTimeOffset? Until) : SurfaceAction;

    /// <summary>Lifts the block.</summary>
    public sealed record Unblock : SurfaceAction;

    /// <summary>Ends a grant for ever.</summary>
    /// <param name="GrantId">32 lower-case hex digits.</param>
    public sealed record Revoke(string GrantId) : SurfaceAction;

    /// <summary>Allows access codes again after too many wrong ones.</summary>
    /// <param name="GrantId">32 lower-case hex digits.</param>
    public sealed record Unlock(string GrantId) : SurfaceAction;

    /// <summary>Takes one operation away from a running session.</summary>
    /// <param name="SessionId">32 lower-case hex digits.</param>
    /// <param name="Operation">One operation.</param>
    public sealed record Withdraw(string SessionId, Operations Operation) : SurfaceAction;

    /// <summary>Gives a withdrawn operation back.</summary>
    /// <param name="SessionId">32 lower-case hex digits.</param>
    /// <param name="Operation">One operation.</param>
    public sealed record Restore(string SessionId, Operations Operation) : SurfaceAction;

    /// <summary>Writes to the technician of a running session.</summary>
    /// <param name="SessionId">32 lower-case hex digits.</param>
    /// <param name="Text">1 to 1000 bytes of UTF-8; no control characters but tabs and ends of lines.</param>
    public sealed record Say(string SessionId, string Text) : SurfaceAction;

    /// <summary>Takes one operation away from a grant, whether anybody is connected under it or not.</summary>
    /// <param name="GrantId">32 lower-case hex digits.</param>
    /// <param name="Operation">One operation.</param>
    public sealed record WithdrawFromGrant(string GrantId, Operations Operation) : SurfaceAction;

    /// <summary>Gives an operation back that was taken away from a grant.</summary>
    /// <param name="GrantId">32 lower-case hex digits.</param>
    /// <param name="Operation">One operation.</param>
    public sealed record RestoreToGrant(string GrantId, Operations Operation) : SurfaceAction;

    /// <summary>No longer shares a folder; a file on its way breaks off. To share one is not an action: whoever could press here would open the disk.</summary>
    /// <param name="Name">The folder's <see cref="SurfaceFolder.Name"/>; one of the customer's.</param>
    public sealed record TakeBackFolder(string Name) : SurfaceAction;

    /// <summary>The customer has seen a notice; it is not shown again.</summary>
    /// <param name="Id">The notice's <see cref="SurfaceNotice.Id"/>.</param>
    public sealed record Dismiss(string Id) : SurfaceAction;

    /// <summary>
    /// The agent asks the person for the password of their account in a window of its own and stores it for fill-in. In force when it is stored, at most 5 min later. What else is asked for over the
    /// same connection does not wait for it, and with the end of the connection the window goes.
    /// </summary>
    /// <param name="GrantId">32 lower-case hex digits.</param>
    /// <param name="Language">Of the window, as in <c>de</c>.</param>
    public sealed record StorePassword(string GrantId, string Language) : SurfaceAction;

    /// <summary>Deletes a stored password.</summary>
    /// <param name="GrantId">32 lower-case hex digits.</param>
    /// <param name="User">The account, as <see cref="SurfaceConnection.ReadPasswordsAsync"/> names it.</param>
    public sealed record ForgetPassword(string GrantId, string User) : SurfaceAction;
}
