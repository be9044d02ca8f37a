namespace RemoteAccess.Trust;

/// <summary>Which class, activity and status of OCSF an entry is (docs/ledger-exports.md).</summary>
internal readonly record struct OcsfClass(int Class, string ClassName, int Activity, string ActivityName, int Status)
{
    public const int BaseEvent = 0, Authentication = 3002, EntityManagement = 3004;
    public const int Success = 1, Failure = 2, OtherActivity = 99;

    /// <summary>The thousands of the class.</summary>
    public int Category => Class / 1000;

    public int Type => Class * 100 + Activity;

    public static OcsfClass Of(string type) => type switch
    {
        "session.accepted" => new(Authentication, "Authentication", 1, "Logon", Success),
        "credentials.accepted" => new(Authentication, "Authentication", OtherActivity, "credentials.accepted", Success),
        "credentials.refused" => new(Authentication, "Authentication", OtherActivity, "credentials.refused", Failure),
        "credential.stored" => new(EntityManagement, "Entity Management", 1, "Create", Success),
        "credential.erased" => new(EntityManagement, "Entity Management", 4, "Delete", Success),
        "session.refused" or "session.abandoned" => new(Authentication, "Authentication", 1, "Logon", Failure),
        "session.ended" => new(Authentication, "Authentication", 2, "Logoff", Success),
        "session.lost" => new(Authentication, "Authentication", 2, "Logoff", Failure),
        "grant.created" => new(EntityManagement, "Entity Management", 1, "Create", Success),
        "folder.shared" => new(EntityManagement, "Entity Management", 1, "Create", Success),
        "folder.taken-back" => new(EntityManagement, "Entity Management", 4, "Delete", Success),
        "grant.revoked" => new(EntityManagement, "Entity Management", 4, "Delete", Success),
        "grant.unlocked" or "grant.withdrawn" or "grant.restored" or "grant.code-changed" or "access.blocked" or "access.unblocked" or "sessions.stopped" => new(EntityManagement, "Entity Management", 3, "Update", Success),
        "operation.refused" or "operation.refused.summary" or "session.rejected.summary" => new(BaseEvent, "Base Event", OtherActivity, type, Failure),
        _ => new(BaseEvent, "Base Event", OtherActivity, type, Success),
    };
}
